import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import betterSqlite3 from '../adapters/better-sqlite3.ts'
import postgres from '../adapters/postgres.ts'
import type { TestScope } from '../adapters/testing/scope.ts'
import { testScope } from '../adapters/testing/scope.ts'
import type { Adapter, Scenario, Session } from '../bench/contract/index.ts'
import { compileScenario, compileSync, rowCount, scenarioTexts, seededRow, textFor } from '../bench/contract/index.ts'
import { questionSource } from '../bench/measure/draw.ts'
import { canonicalRows } from '../bench/run/canonical.ts'
import { ask, restore, seed } from '../bench/run/seed.ts'
import { answersOf } from '../bench/run/answers.ts'
import { datasets, scenarios } from './index.ts'

const SEED = 7
const count = rowCount(0.05)
const tables = datasets.flatMap((dataset) => dataset.tables)

const open: { session: Session; adapter: Adapter; scope: TestScope }[] = []

beforeAll(async () => {
  for (const adapter of [betterSqlite3, postgres] as unknown as Adapter[]) {
    const scope = await testScope()
    const { address } = await adapter.provision(adapter.defaults, scope, { texts: [], scenarioModules: [] })
    const session = await adapter.connect(address)
    await seed(session, { tables, dialect: adapter.dialect, seed: SEED, count, runId: 'test' })
    open.push({ session, adapter, scope })
  }
})

afterAll(async () => {
  for (const { session, scope } of open) {
    await session.close()
    await scope.close()
  }
})

const each = scenarios.map((scenario) => [scenario.id, scenario] as const)

test('twelve scenarios or more, every id once', () => {
  expect(new Set(scenarios.map((scenario) => scenario.id)).size).toBe(scenarios.length)
  expect(scenarios.length).toBeGreaterThanOrEqual(12)
})

test('the default datasets are big enough to be real', () => {
  const rows = Object.fromEntries(tables.map((table) => [table.name, table.rows]))
  expect(rows['post']).toBeGreaterThanOrEqual(10_000)
  expect(rows['author']).toBeGreaterThanOrEqual(1000)
})

test('rows depend on seed, table and key alone', () => {
  for (const table of tables) {
    expect(seededRow(table, 3, SEED, count)).toEqual(seededRow(table, 3, SEED, count))
    expect(seededRow(table, 3, SEED, count)).not.toEqual(seededRow(table, 4, SEED, count))
  }
})

describe.each(each)('%s', (_, scenario) => {
  test('gives the same answers on both dialects, and some', async () => {
    const [first, second] = await Promise.all(
      open.map(({ session, adapter }) =>
        answersOf(session, { scenarios: [scenario], dialect: adapter.dialect, seed: SEED, samples: 10, count }),
      ),
    )
    expect(second).toEqual(first)
    expect(first![0]!.lines.length).toBeGreaterThanOrEqual(scenario.kind === 'read' ? 10 : 1)
  })

  test('leaves as many rows as it found', async () => {
    for (const { session, adapter } of open) {
      const before = await rowsOf(session)
      await run(session, adapter, scenario, 25)
      await restore(session, scenario.grows ?? [], adapter.dialect, count)
      expect(await rowsOf(session)).toEqual(before)
    }
  })
})

test.each(each.filter(([, { kind }]) => kind === 'write'))(
  '%s: the check sees what one operation wrote',
  async (_, scenario) => {
    for (const { session, adapter } of open) {
      const look = async (): Promise<string[]> =>
        canonicalRows(await ask(session, textFor(scenario.check!, adapter.dialect)), true)
      const before = await look()
      await run(session, adapter, scenario, 1)
      expect(await look()).not.toEqual(before)
      await restore(session, scenario.grows ?? [], adapter.dialect, count)
    }
  },
)

test('a page of 21 queries asks 21', async () => {
  const scenario = scenarios.find(({ id }) => id === 'n-plus-one')!
  const { session } = open[0]!
  if (session.mode !== 'sync') throw new Error('better-sqlite3 is sync')
  let asked = 0
  const counting: typeof session = {
    ...session,
    prepare(text) {
      const query = session.prepare(text)
      return (args) => {
        asked += 1
        return query(args)
      }
    },
  }
  const operation = compileSync(scenario.work, counting, 'sqlite')
  const [question] = questionSource(scenario.work, count, [1]).block(1)
  expect(operation(question!)).toHaveLength(20)
  expect(asked).toBe(21)
})

test('the shapes that scenarios promise', async () => {
  const rowsFor = async (id: string): Promise<number> => {
    const scenario = scenarios.find((one) => one.id === id)!
    const { session, adapter } = open[1]!
    if (session.mode !== 'async') throw new Error('postgres is async')
    const [question] = questionSource(scenario.work, count, [1]).block(1)
    return (await compileScenario(scenario, session, adapter.dialect)(question!)).length
  }
  expect(await rowsFor('point-read')).toBe(1)
  expect(await rowsFor('latest-posts')).toBe(10)
  expect(await rowsFor('range-read')).toBe(50)
  const bulk = scenarios.find(({ id }) => id === 'bulk-insert')!
  const [question] = questionSource(bulk.work, count, [1]).block(1)
  expect((question as unknown[][]).flat().length / 4).toBe(100)
})

test('no statement takes more than the 100 parameters that D1 allows', () => {
  for (const scenario of scenarios) {
    for (const text of scenarioTexts(scenario, 'postgres'))
      expect(text.match(/\$\d+/g)?.length ?? 0).toBeLessThanOrEqual(100)
  }
})

async function run(session: Session, adapter: Adapter, scenario: Scenario, operations: number): Promise<void> {
  const operation =
    session.mode === 'sync'
      ? compileSync(scenario.work, session, adapter.dialect)
      : compileScenario(scenario, session, adapter.dialect)
  for (const question of questionSource(scenario.work, count, [SEED, 'test']).block(operations))
    await operation(question)
}

async function rowsOf(session: Session): Promise<unknown[]> {
  const counts: unknown[] = []
  for (const { name } of tables) counts.push(Number((await ask(session, `SELECT count(*) AS n FROM ${name}`))[0]!['n']))
  return counts
}
