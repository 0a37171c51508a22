import { expect, test } from 'vitest'
import { project, sqlatency } from './testing/cli.ts'

test('a backend may have the name of what the doctor tries beside it', async () => {
  const config = `export default { backends: { emulators: { adapter: 'better-sqlite3' } } }`
  const folder = project({ 'sqlatency.config.ts': config })
  const { code, stdout } = await sqlatency(folder, ['doctor', '--backend', 'emulators'])
  expect(stdout).toMatch(/^✔ emulators +sqlite /m)
  expect(code).toBe(0)
})
