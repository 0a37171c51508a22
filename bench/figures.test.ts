import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { project, sqlatency, storedRun } from './testing/cli.ts'

const SMALL = ['--rounds', '2', '--duration', '10ms', '--warm-up', '5ms', '--scale', '0.02']
const WHAT = ['--backend', 'null,better-sqlite3', '--scenario', 'point-read,insert']

/** As on a platform that the canvas has no package for. */
const NO_CANVAS = `
import { registerHooks } from 'node:module'
registerHooks({
  resolve(name, context, next) {
    if (name === '@napi-rs/canvas') throw new Error('Cannot find native binding.')
    return next(name, context)
  },
})`

test('figures are drawn when they are asked for, and only then is anything needed to draw', async () => {
  const folder = project({ 'no-canvas.mjs': NO_CANVAS })
  const env = { NODE_OPTIONS: `--import ${pathToFileURL(join(folder, 'no-canvas.mjs')).href}` }
  const latest = join(folder, 'results', 'latest')
  expect(await sqlatency(folder, ['run', '--quiet', ...WHAT, ...SMALL], env)).toMatchObject({ code: 0 })
  expect(await sqlatency(folder, ['report'], env)).toMatchObject({ code: 0, stderr: '' })
  expect(readFileSync(join(latest, 'report.md'), 'utf8')).not.toContain('figures/')

  const without = await sqlatency(folder, ['report', '--figures'], env)
  expect(without).toMatchObject({ code: 2 })
  expect(without.stderr).toMatch(
    /^sqlatency: Figures cannot be drawn here, because @napi-rs\/canvas does not load \(Cannot find native binding\.\)\. Run .*\n$/,
  )
  expect(existsSync(join(latest, 'figures'))).toBe(false)

  const drawn = await sqlatency(folder, ['report', '--figures'])
  expect(drawn).toMatchObject({ code: 0, stderr: '' })
  const files = readdirSync(join(latest, 'figures')).toSorted()
  expect(files).toEqual(
    expect.arrayContaining([
      'ladder.png',
      'ladder.svg',
      'matrix.png',
      'matrix.svg',
      'social.png',
      'tail.png',
      'tail.svg',
    ]),
  )
  const article = readFileSync(join(latest, 'report.md'), 'utf8')
  const linked = [...article.matchAll(/\]\((figures\/[^)]+)\)/g)].map(([, path]) => path!)
  expect(linked.toSorted()).toEqual(files.filter((name) => name !== 'social.png').map((name) => `figures/${name}`))
  expect(readFileSync(join(latest, 'figures', 'ladder.svg'), 'utf8')).toContain(`run ${storedRun(folder).id}`)

  writeFileSync(join(latest, 'figures', 'ladder.svg'), '')
  expect(await sqlatency(folder, ['report', '--figures', '--theme', 'dark'])).toMatchObject({ code: 0 })
  expect(readFileSync(join(latest, 'figures', 'ladder.svg'), 'utf8')).toContain('#16191D')
  const sepia = await sqlatency(folder, ['report', '--figures', '--theme', 'sepia'])
  expect(sepia).toMatchObject({ code: 2, stdout: '' })
  expect(sepia.stderr).toContain('there are light and dark')
  const both = await sqlatency(folder, ['report', '--figures', '--format', 'markdown'])
  expect(both).toMatchObject({ code: 2, stdout: '' })
})
