import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { project, sqlatency, storedRun } from './testing/cli.ts'

const SMALL = ['--rounds', '2', '--duration', '10ms', '--warm-up', '5ms', '--scale', '0.02']
const WHAT = ['--backend', 'null,better-sqlite3', '--scenario', 'point-read']

test.runIf(process.platform === 'linux')('opens the page in the browser of this machine', async () => {
  const folder = project({ browser: '#!/bin/sh\necho "$1" > opened\n' })
  chmodSync(join(folder, 'browser'), 0o755)
  await sqlatency(folder, ['run', '--quiet', ...WHAT, ...SMALL])
  // Without a desktop, what opens pages asks for the browser by its variable.
  const env = {
    BROWSER: join(folder, 'browser'),
    DISPLAY: '',
    WAYLAND_DISPLAY: '',
    XDG_CURRENT_DESKTOP: '',
    DESKTOP_SESSION: '',
  }
  expect(await sqlatency(folder, ['report', '--open'], env)).toMatchObject({ code: 0 })
  const opened = join(folder, 'opened')
  await vi.waitFor(() => expect(existsSync(opened)).toBe(true), 10_000)
  await vi.waitFor(() => expect(readFileSync(opened, 'utf8').trim()).toMatch(/report\.html$/), 10_000)
})

test('a run beside earlier ones: held against one, and as a trend over all', async () => {
  const folder = project()
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim()
  git('init', '--quiet')
  git('add', 'package.json')
  git('-c', 'user.name=x', '-c', 'user.email=x@example.com', 'commit', '--quiet', '--message', 'x')
  const ids: string[] = []
  for (let n = 0; n < 2; n += 1) {
    const { code } = await sqlatency(folder, ['run', '--quiet', ...WHAT, ...SMALL])
    expect(code).toBe(0)
    ids.push(storedRun(folder).id)
  }
  const commit = git('rev-parse', '--short=12', 'HEAD')
  expect(storedRun(folder).project).toEqual({ commit })
  mkdirSync(join(folder, 'results', 'damaged'))
  writeFileSync(join(folder, 'results', 'damaged', 'run.json'), '{')

  const [earlier, later] = ids as [string, string]
  const against = await sqlatency(folder, ['report', earlier, later, '--format', 'markdown'])
  expect(against.stdout).toContain(`Against run ${earlier}`)

  const pattern = 'https://example.com/%s'
  const trend = await sqlatency(folder, ['report', '--history', 'results', '--commit-url', pattern])
  expect(trend).toMatchObject({ code: 0 })
  expect(trend.stderr).toMatch(/left out damaged: .*is not JSON/)
  const page = readFileSync(join(folder, 'results', later, 'report.html'), 'utf8')
  expect(page).toContain('2 runs from')
  expect(page).toContain(commit)

  const wrong = await sqlatency(folder, ['report', '--history', 'results', '--commit-url', 'javascript:%s'])
  expect(wrong).toMatchObject({ code: 2, stdout: '' })
  expect(wrong.stderr).toContain('it is an http(s) address with %s for the commit')
  const nobody = await sqlatency(folder, ['report', '--history', 'results', '--reference', 'better-sqlite'])
  expect(nobody.stderr).toContain('better-sqlite3')
})
