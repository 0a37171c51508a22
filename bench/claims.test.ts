import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { project, sqlatency, storedRun } from './testing/cli.ts'

const documentation = readFileSync(fileURLToPath(new URL('../docs/claims.md', import.meta.url)), 'utf8')
const [example] = [...documentation.matchAll(/^```json file=(\S+)\n(.*?)^```/gms)]

const SMALL = ['--rounds', '6', '--duration', '5ms', '--warm-up', '2ms', '--scale', '0.02', '--quiet']
const WHAT = ['--backend', 'better-sqlite3', '--scenario', 'point-read,insert']

test('own claims, by flag and by configuration, and the file of docs/claims.md', async () => {
  const [, name, content] = example!
  const folder = project({
    [name!]: content!,
    'sqlatency.config.ts': `export default { claims: ['./${name}'] }`,
  })
  const { text } = (JSON.parse(content!) as { claims: [{ text: string }] }).claims[0]

  const wrong = await sqlatency(folder, ['run', ...WHAT, ...SMALL, '--claims', 'none.json'])
  expect(wrong).toMatchObject({ code: 2, stdout: '' })
  expect(wrong.stderr).toMatch(
    /none\.json cannot be read as JSON: .*Correct the file; docs\/claims\.md shows its form\./,
  )

  const ran = await sqlatency(folder, ['run', ...WHAT, ...SMALL])
  expect(ran.code, ran.stderr).toBe(0)
  expect(ran.stdout).toMatch(/^Published claims: \d+ consistent, \d+ contradicted, \d+ cannot tell\.$/m)
  const { id } = storedRun(folder)
  const page = () => readFileSync(join(folder, 'results', id, 'report.html'), 'utf8')
  expect(page()).toContain(text)

  // From here on the configuration names none, and only the flag does.
  writeFileSync(join(folder, 'sqlatency.config.ts'), 'export default {}')
  expect((await sqlatency(folder, ['report'])).code).toBe(0)
  expect(page()).not.toContain(text)
  expect((await sqlatency(folder, ['report', '--claims', name!])).code).toBe(0)
  expect(page()).toContain(text)

  writeFileSync(join(folder, name!), '{}')
  const refused = await sqlatency(folder, ['report', '--claims', name!])
  expect(refused).toMatchObject({ code: 2, stdout: '' })
  expect(refused.stderr).toContain('source is wrong')
}, 60_000)
