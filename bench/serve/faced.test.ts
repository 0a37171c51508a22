import { beforeAll, expect, test } from 'vitest'
import { testScope } from '../../adapters/testing/scope.ts'
import { questionSource } from '../measure/draw.ts'
import type { Answers } from '../run/answers.ts'
import { answersOf } from '../run/answers.ts'
import { withSession } from '../run/backend.ts'
import { ask } from '../run/seed.ts'
import { builtInBackends } from '../plans/backends.ts'
import { openCatalogue } from '../catalogue.ts'
import type { Rows, Value } from '../contract/index.ts'
import { faceOf, SEED } from './testing/faced.ts'
import { askRaw } from '../../adapters/testing/raw-request.ts'

/** Those that npm alone can start. */
const BACKENDS = Object.keys(builtInBackends).filter(
  (id) => !['litestream', 'litefs', 'd1-worker', 'null'].includes(id),
)

/** Of SQLite in this process, asked directly. */
async function directAnswers(): Promise<Answers[]> {
  await using scope = await testScope()
  const { behind, scenarios, count } = await faceOf('better-sqlite3', scope)
  const adapter = (await (await openCatalogue(null)).adapter('better-sqlite3'))!
  const job = { scenarios, dialect: adapter.dialect, seed: SEED, samples: 3, count }
  return withSession(adapter.connect(behind), (session) => answersOf(session, job))
}

let direct: Answers[]
beforeAll(async () => {
  direct = await directAnswers()
})

test.each(BACKENDS)('%s answers every scenario through its face as SQLite does without', async (id) => {
  await using scope = await testScope()
  const { backend, face, scenarios, count } = await faceOf(id, scope)
  const { adapter } = backend.spec
  const job = { scenarios, dialect: adapter.dialect, seed: SEED, samples: 3, count }
  const through = await withSession(adapter.connect(backend.provisioned.address), (session) => answersOf(session, job))
  expect(face.firstFailure()).toBeNull()
  expect(through.flatMap(({ lines }) => lines).length).toBeGreaterThan(scenarios.length)
  expect(through).toEqual(direct)
})

test.each(['better-sqlite3', 'postgres-local'])(
  '%s, asked by many at once, keeps each operation in a transaction of its own',
  async (id) => {
    await using scope = await testScope()
    const { backend, behind, face, scenarios, count } = await faceOf(id, scope, { sessions: 4 })
    const transfer = scenarios.find((scenario) => scenario.id === 'transfer')!
    const adapter = await (await openCatalogue(null)).adapter(backend.spec.adapter.id)
    const books = (): Promise<Rows> =>
      withSession(adapter!.connect(behind), (session) =>
        ask(session, 'SELECT (SELECT sum(balance) FROM account) AS total, (SELECT count(*) FROM entry) AS entries'),
      )
    const [before] = await books()
    const questions = questionSource(transfer.work, count, [SEED]).block(60)
    // Every third fails at its last statement, because its entry is there already.
    const asked = questions.map((question, n) => {
      const [, , , last] = question as Value[][]
      return n % 3 === 0 ? [...question.slice(0, 3), [1, ...last!.slice(1)]] : question
    })
    const answers = await Promise.all(
      asked.map((question) => askRaw(face, { body: { scenario: 'transfer', question } })),
    )
    expect(answers.map(({ status }) => status)).toEqual(asked.map((_, n) => (n % 3 === 0 ? 500 : 200)))
    const [after] = await books()
    expect(after!['total']).toEqual(before!['total'])
    expect(Number(after!['entries'])).toBe(Number(before!['entries']) + 40)
  },
)

test('opens no more sessions than it may, and those when they are needed', async () => {
  await using scope = await testScope()
  const { backend, behind, face } = await faceOf('postgres-local', scope, { sessions: 3 })
  const adapter = await (await openCatalogue(null)).adapter(backend.spec.adapter.id)
  const clients = (): Promise<unknown> =>
    withSession(adapter!.connect(behind), async (session) => {
      const [row] = await ask(
        session,
        "SELECT count(*) AS n FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
      )
      return Number(row!.n)
    })
  // One was needed for seeding, and is kept.
  expect(await clients()).toBe(1)
  await askRaw(face, { body: { scenario: 'point-read', question: [1] } })
  expect(await clients()).toBe(1)
  // All at once, each held until the database has been asked how many there are.
  const [begun, counted] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let under = 0
  const many = Array.from({ length: 5 }, () =>
    face.pool.use(async () => {
      under += 1
      if (under === 3) begun.resolve()
      await counted.promise
    }),
  )
  await begun.promise
  expect([await clients(), under]).toEqual([3, 3])
  counted.resolve()
  await Promise.all(many)
  expect([await clients(), under]).toEqual([3, 5])
})

test('a Worker is its own face', async () => {
  const { default: d1 } = await import('../../adapters/d1/index.ts')
  expect(d1.face!({ url: 'http://127.0.0.1:1', token: 't', isLocal: true })).toEqual({
    url: 'http://127.0.0.1:1',
    token: 't',
  })
})
