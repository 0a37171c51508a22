import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AsyncSession } from '../../bench/contract/index.ts'
import { testScope } from '../testing/scope.ts'
import { bundleWorker } from './bundle.ts'
import d1 from './index.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sqlatency-bundle-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function job(source: string, name = 'default') {
  const path = join(folder, `${crypto.randomUUID()}.ts`)
  await writeFile(path, source)
  return { texts: [], scenarioModules: [{ path, name }] }
}

test("a user's configuration runs in the Worker, with types, the package's name and nothing in its environment", async () => {
  const config = await job(`
    import type { Scenario } from 'sqlatency'
    import { blog, defineAdapter, defineConfig, defineScenario, single } from 'sqlatency'
    const mine: Scenario = defineScenario({
      id: 'mine', title: 'Mine', why: 'To see it run.', kind: 'read',
      dataset: blog,
      work: single(process.env.SQLATENCY_TOKEN === undefined ? 'SELECT 40 + $1 AS answer' : 'SELECT $1 AS leaked'),
    })
    export default defineConfig({ backends: { pg: { url: process.env.DATABASE_URL } }, scenarios: [mine] })
  `)
  await using scope = await testScope()
  const { address } = await d1.provision(d1.defaults, scope, config)
  const session = (await d1.connect(address)) as AsyncSession
  expect(await session.operation!('mine')([2])).toEqual([{ answer: 42 }])
  await session.close()
}, 60_000)

test.each([
  [
    'a node: module',
    "import { cpus } from 'node:os'\nexport default cpus().length",
    'default',
    'Could not resolve "node:os"',
  ],
  [
    'a package that is not there',
    "import 'no-such-package-at-all'\nexport default []",
    'default',
    'no-such-package-at-all',
  ],
  ['an export that is not there', 'export const other = []', 'scenarios', 'No matching export'],
  ['what is not JavaScript', 'export default [', 'default', 'Unexpected end of file'],
])('%s cannot be bundled, and the error says so', async (_, source, name, message) => {
  const given = await job(source, name)
  expect(() => bundleWorker(given)).toThrow(
    expect.objectContaining({ code: 'BUNDLE_FAILED', message: expect.stringContaining(message) as string }),
  )
})

test('two scenarios with one id do not start', async () => {
  const twice = await job(
    `
    const make = () => ({ id: 'same', work: { shape: 'single', statement: 'SELECT 1' } })
    export const scenarios = [make(), make()]
  `,
    'scenarios',
  )
  await using scope = await testScope()
  await expect(d1.provision(d1.defaults, scope, twice)).rejects.toMatchObject({
    code: 'SERVER_NOT_READY',
    message: expect.stringContaining('two scenarios'),
  })
}, 60_000)
