import { expect, test } from 'vitest'
import { askRaw } from '../../adapters/testing/raw-request.ts'
import type { TestScope } from '../../adapters/testing/scope.ts'
import { testScope } from '../../adapters/testing/scope.ts'
import { openCatalogue } from '../catalogue.ts'
import type { Rows, Session } from '../contract/index.ts'
import { withSession } from '../run/backend.ts'
import { ask } from '../run/seed.ts'
import type { LiveFace } from './face.ts'
import type { TestedFace } from './testing/faced.ts'
import { faceOf } from './testing/faced.ts'

const OTHERS = "FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"

interface Watched extends TestedFace {
  /** Asks the server on a session that is not the pool's. */
  elsewhere(text: string): Promise<Rows>
}

async function watched(scope: TestScope, sessions: number): Promise<Watched> {
  const tested = await faceOf('postgres-local', scope, { sessions })
  const adapter = (await (await openCatalogue(null)).adapter('postgres'))!
  return {
    ...tested,
    elsewhere: (text) => withSession(adapter.connect(tested.behind), (session) => ask(session, text)),
  }
}

const pidOf = async (session: Session): Promise<number> =>
  Number((await ask(session, 'SELECT pg_backend_pid() AS pid'))[0]!['pid'])

/** Everything that the pool may open, each held until all are there. */
async function openAll({ pool }: LiveFace, sessions: number): Promise<number[]> {
  const all = Promise.withResolvers<void>()
  let under = 0
  return Promise.all(
    Array.from({ length: sessions }, () =>
      pool.use(async (session) => {
        under += 1
        if (under === sessions) all.resolve()
        await all.promise
        return pidOf(session)
      }),
    ),
  )
}

const question = { body: { scenario: 'point-read', question: [1] } }
/** Each waits until the server has really ended it. */
const END_OTHERS = `SELECT pg_terminate_backend(pid, 10000) ${OTHERS}`

/** As many as are asked for are under way at the server. */
const sleeping = ({ elsewhere }: Watched, count: number): Promise<void> =>
  expect
    .poll(async () => (await elsewhere(`SELECT pid ${OTHERS} AND query LIKE '%pg_sleep(60)%'`)).length, {
      timeout: 10_000,
    })
    .toBe(count)

const sleep = ({ pool }: LiveFace): Promise<unknown> =>
  pool.use((session) => ask(session, 'SELECT pg_sleep(60)')).catch((error: unknown) => error)

test('sessions that the server ended while they were idle are replaced, and no request fails of it', async () => {
  await using scope = await testScope()
  const { face, elsewhere } = await watched(scope, 3)
  const before = await openAll(face, 3)
  expect(new Set(before).size).toBe(3)
  expect(await elsewhere(END_OTHERS)).toHaveLength(3)
  for (let n = 0; n < 4; n += 1) expect(await askRaw(face, question)).toMatchObject({ status: 200 })
  const after = await openAll(face, 3)
  expect(new Set([...before, ...after]).size).toBe(6)
  expect(face.firstFailure()).toBeNull()
  expect(await elsewhere(`SELECT pid ${OTHERS}`)).toHaveLength(3)
})

test('a session that the server ends at work fails that operation alone: who waits for it gets a new one', async () => {
  await using scope = await testScope()
  const tested = await watched(scope, 1)
  const { face, elsewhere } = tested
  const lost = sleep(face)
  await sleeping(tested, 1)
  const waiting = [askRaw(face, question), askRaw(face, question)]
  await elsewhere(END_OTHERS)
  expect(await lost).toMatchObject({
    code: 'UNREACHABLE',
    message: expect.stringMatching(/^The connection to PostgreSQL was lost: terminating connection/),
  })
  for (const { status } of await Promise.all(waiting)) expect(status).toBe(200)
  expect(await elsewhere(`SELECT pid ${OTHERS}`)).toHaveLength(1)
})

test('an operation that fails keeps its session', async () => {
  await using scope = await testScope()
  const { face } = await watched(scope, 1)
  const [before] = await openAll(face, 1)
  expect(await askRaw(face, { body: { scenario: 'point-read', question: ['x'] } })).toMatchObject({ status: 500 })
  expect(await openAll(face, 1)).toEqual([before])
})

test('closed under load, it opens nothing more: what is under way and what waits is refused', async () => {
  await using scope = await testScope()
  const tested = await watched(scope, 2)
  const { face, elsewhere } = tested
  const asked = Array.from({ length: 6 }, () => sleep(face))
  await sleeping(tested, 2)
  await face.close()
  const refused = { code: 'UNREACHABLE', message: 'The sessions of this backend are closed.' }
  const answers = await Promise.all(asked)
  for (const answer of answers) expect(answer).toBeInstanceOf(Error)
  for (const answer of answers.slice(2)) expect(answer).toMatchObject(refused)
  expect(await sleep(face)).toMatchObject(refused)
  // The server sees that a client is gone when it has something to tell it.
  expect(await elsewhere(END_OTHERS)).toHaveLength(2)
})

test('closed while a session is being opened, it closes that one too', async () => {
  await using scope = await testScope()
  const { face, elsewhere } = await watched(scope, 3)
  const asked = [sleep(face), sleep(face)]
  await face.close()
  for (const answer of await Promise.all(asked)) expect(answer).toBeInstanceOf(Error)
  expect((await elsewhere(END_OTHERS)).length).toBeLessThanOrEqual(2)
})
