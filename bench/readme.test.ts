import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { adapters } from '../adapters/index.ts'
import { EXIT } from './contract/index.ts'
import { builtInBackends } from './plans/backends.ts'
import { project, sqlatency, storedRun } from './testing/cli.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const examples = new Map([...readme.matchAll(/```ts file=(\S+)\n(.*?)```/gs)].map(([, name, code]) => [name!, code!]))

test('there are examples of databases, a scenario and a backend', () => {
  expect([...examples.keys()]).toEqual(['databases.config.ts', 'scenario.config.ts', 'backend.config.ts'])
})

describe.each([...examples])('%s', (name, code) => {
  test('compiles under strict', () => {
    const folder = project({ [name]: code })
    const options = {
      extends: join(root, 'tsconfig.json'),
      compilerOptions: { types: ['node'], typeRoots: [join(root, 'node_modules', '@types')] },
      include: [name],
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(options))
    const run = (): string =>
      execFileSync(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', folder], {
        encoding: 'utf8',
      })
    expect(run).not.toThrow()
  })

  test('runs as it stands', async () => {
    const folder = project({ [name]: code })
    const small = ['--rounds', '1', '--duration', '10ms', '--scale', '0.02', '--markers', '0']
    const scenario = name === 'scenario.config.ts' ? [] : ['--scenario', 'point-read,transfer']
    const { code: exit, stderr } = await sqlatency(folder, ['run', '-c', name, ...small, ...scenario])
    expect(stderr).not.toContain('failed')
    expect(exit).toBe(0)
    expect(storedRun(folder).cells.every((cell) => cell.outcome === 'measured')).toBe(true)
  })
})

test('every backend and exit code of the README exists', () => {
  for (const [, backend] of readme.matchAll(/^\| `([a-z0-9-]+)` \|/gm))
    expect(Object.keys(builtInBackends)).toContain(backend)
  for (const backend of Object.keys(builtInBackends)) expect(readme).toContain(`| \`${backend}\` |`)
  const codes = [...readme.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code))
  for (const code of codes) expect(Object.values<number>(EXIT)).toContain(code)
})

test('every environment variable of the README reaches an option', async () => {
  for (const [, variable] of readme.matchAll(/\b(SQLATENCY_[A-Z0-9_]+_(?:URL|TOKEN))=/g)) {
    const reached = await Promise.all(
      Object.entries(builtInBackends).map(async ([id, { adapter }]) => {
        const prefix = `SQLATENCY_${id.replaceAll('-', '_').toUpperCase()}_`
        const options = Object.keys((await adapters[adapter]!()).defaults)
        const names = options.map((option) => prefix + option.replaceAll(/([a-z])([A-Z])/g, '$1_$2').toUpperCase())
        return names.includes(variable!)
      }),
    )
    expect(reached, variable).toContain(true)
  }
})
