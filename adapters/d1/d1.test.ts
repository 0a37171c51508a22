import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AsyncSession, Call, Question } from '../../bench/contract/index.ts'
import { compileScenario, rowCount, seededRow, textFor } from '../../bench/contract/index.ts'
import d1 from './index.ts'
import { item, scenarios } from './testing/fixture.ts'
import { seedFixture, startFixture } from './testing/started.ts'

type Started = Awaited<ReturnType<typeof startFixture>>

const ECHO = 'SELECT ? AS value'
const seeded = (key: number) => {
  const [id, parent_id, weight, label, meta, data] = seededRow(item, key, 1, rowCount(1))
  return { id, parent_id, weight, label, meta, data }
}
const run = (session: AsyncSession, id: string, question: Question) =>
  compileScenario(
    scenarios.find((scenario) => scenario.id === id)!,
    session,
    'sqlite',
  )(question)

let started: Started
let session: AsyncSession
beforeAll(async () => {
  started = await startFixture()
  ;({ session } = started)
  await seedFixture(session)
}, 60_000)
afterAll(() => started[Symbol.asyncDispose]())

const item7 = () => run(session, 'one-item', [7]).then(([row]) => row)

describe('operations run in the Worker', () => {
  test('single: rows come back with all their values', async () => {
    const { id, weight, label, data } = seeded(7)
    expect(await item7()).toEqual({ id, weight, label, data })
  })

  test('single: a question that matches nothing gives no rows', async () => {
    expect(await run(session, 'one-item', [4711])).toEqual([])
  })

  test('batch: all statements take effect, bytes included', async () => {
    expect(
      await run(session, 'swap-labels', [
        ['renamed', 7],
        [Uint8Array.of(0, 255), 7],
      ]),
    ).toEqual([])
    expect(await item7()).toMatchObject({ label: 'renamed', data: Uint8Array.of(0, 255) })
  })

  test('flow: dependent queries, one request', async () => {
    const rows = await run(session, 'ancestors', [13])
    expect(rows.map((row) => row['id'])).toEqual([13, 6, 3, 1])
    expect(rows[3]).toEqual({ id: 1, parent_id: null, data: seeded(1).data })
  })

  test('mix: the drawn part is what runs', async () => {
    expect(await run(session, 'mostly-reads', [1, ['by mix', 9]])).toEqual([])
    expect(await run(session, 'mostly-reads', [0, [9]])).toMatchObject([{ id: 9, label: 'by mix' }])
  })

  test('an unknown scenario has a code and a remedy', async () => {
    await expect(session.operation!('no-such')([])).rejects.toMatchObject({
      code: 'UNKNOWN_OPERATION',
      remedy: expect.stringContaining('Deploy'),
    })
  })
})

describe('named statements', () => {
  test.each([
    null,
    0,
    -1.5,
    2 ** 53 - 1,
    'text',
    '',
    '{"$bytes":"AA=="}',
    'a\u0000b',
    Uint8Array.of(),
    Uint8Array.of(0, 127, 128, 255),
  ])('bring %j there and back', async (value) => {
    expect(await session.prepare(ECHO)([value])).toEqual([{ value }])
  })

  test('take bigints that fit a number and refuse others before sending', async () => {
    expect(await session.prepare(ECHO)([12n])).toEqual([{ value: 12 }])
    await expect(async () => session.prepare(ECHO)([2n ** 60n])).rejects.toThrow('above 2^53')
    await expect(async () => session.prepare(ECHO)([Number.POSITIVE_INFINITY])).rejects.toThrow('finite')
  })

  test('that were not given to provision are unknown', async () => {
    await expect(session.prepare('SELECT 2 AS two')([])).rejects.toMatchObject({ code: 'UNKNOWN_OPERATION' })
  })

  test('carry the code of SQLite when they fail', async () => {
    await expect(session.prepare('INSERT INTO item (id) VALUES (?)')([1])).rejects.toMatchObject({
      code: 'SQLITE_CONSTRAINT',
      message: expect.stringContaining('UNIQUE'),
    })
  })

  test('take 100 parameters, as D1 does', async () => {
    await expect(session.prepare(ECHO)(Array.from({ length: 101 }, () => 1))).rejects.toThrow('D1 takes 100 parameters')
  })

  test('in a batch take effect together or not at all', async () => {
    const calls: Call[] = [
      [textFor('UPDATE item SET label = $1 WHERE id = $2', 'sqlite'), ['half done', 11]],
      ['INSERT INTO item (id) VALUES (?)', [1]],
    ]
    await expect(session.batch(calls)).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT' })
    expect(await run(session, 'one-item', [11])).toMatchObject([{ label: seeded(11).label }])
  })
})

test('what is too large for one request is refused before sending, not cut', async () => {
  const calls: Call[] = Array.from({ length: 9 }, () => [ECHO, ['x'.repeat(1024 * 1024)]])
  await expect(session.batch(calls)).rejects.toMatchObject({ code: 'BODY_TOO_LARGE' })
  await expect(session.batch(Array.from({ length: 501 }, (): Call => [ECHO, [1]]))).rejects.toMatchObject({
    code: 'BAD_REQUEST',
  })
})

test('many requests at once share the connection and get their own answers', async () => {
  const echo = session.prepare(ECHO)
  const values = Array.from({ length: 40 }, (_, n) => n)
  expect(await Promise.all(values.map((value) => echo([value])))).toEqual(values.map((value) => [{ value }]))
})

test('facts are read from the live Worker', async () => {
  const facts = await session.facts()
  expect(facts.durability).toBe('undeclared')
  expect(facts.settings).toMatchObject({ vantage: 'client of the Worker', served_by: 'miniflare.db' })
  expect(facts.settings['empty_request_p50_ns']).toBeGreaterThan(1000)
  expect(facts.settings).not.toHaveProperty('worker_colo')
  expect(Object.keys(facts.versions)).toEqual(['workerd', 'miniflare', 'compatibility_date'])
})

test('a Worker given by its URL is external and has no servers of ours', async () => {
  const { url, token } = started.address
  const given = await d1.provision({ ...d1.defaults, url, token }, started.scope, { texts: [], scenarioModules: [] })
  expect(given).toMatchObject({ external: true, servers: [], distance: null })
  const other = (await d1.connect(given.address)) as AsyncSession
  expect(await run(other, 'one-item', [3])).toMatchObject([{ id: 3 }])
  expect((await other.facts()).versions).toEqual({})
  await other.close()
})

test.each([
  ['ftp://example.test', 't', 0, 'CONFIG_INVALID'],
  ['https://example.test', null, 0, 'ACCESS_DENIED'],
  ['https://example.test', 'pasted\n', 0, 'ACCESS_DENIED'],
  ['https://example.test', 't', 5, 'CONFIG_INVALID'],
])('options url %s, token %s, rttMs %i are refused: %s', async (url, token, rttMs, code) => {
  await expect(
    d1.provision({ ...d1.defaults, url, token, rttMs }, started.scope, { texts: [], scenarioModules: [] }),
  ).rejects.toMatchObject({ code })
})

test.each([
  ['http://127.0.0.1:1', 'ECONNREFUSED'],
  ['http://nobody-at-home.invalid', expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/)],
])('a Worker that cannot be reached is told without its address: %s', async (url, code) => {
  const { address } = await d1.provision({ ...d1.defaults, url, token: 'secret' }, started.scope, {
    texts: [],
    scenarioModules: [],
  })
  const error = await Promise.resolve(d1.connect(address)).catch((thrown: unknown) => thrown as Error)
  expect(error).toMatchObject({ code, message: expect.not.stringMatching(/127\.0|nobody|secret/) })
})

test('an untried session sends nothing before its first operation', async () => {
  const lost = (await d1.connectUntried!({ url: 'http://127.0.0.1:1', token: 't', isLocal: false })) as AsyncSession
  await expect(lost.prepare(ECHO)([1])).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  const found = (await d1.connectUntried!(started.address)) as AsyncSession
  expect(await run(found, 'one-item', [3])).toMatchObject([{ id: 3 }])
  await Promise.all([lost.close(), found.close()])
})

test('a wrong token and a server that is no sqlatency Worker are told apart', async () => {
  const { url } = started.address
  await expect(d1.connect({ url, token: 'wrong', isLocal: false })).rejects.toMatchObject({ code: 'ACCESS_DENIED' })
  const stranger = createServer((_, response) => response.writeHead(404).end('<h1>Nothing here</h1>')).listen(
    0,
    '127.0.0.1',
  )
  await once(stranger, 'listening')
  const { port } = stranger.address() as AddressInfo
  await expect(d1.connect({ url: `http://127.0.0.1:${port}`, token: 't', isLocal: false })).rejects.toMatchObject({
    code: 'UNREACHABLE',
  })
  stranger.closeAllConnections()
  stranger.close()
})

test('a closed session refuses to ask', async () => {
  const other = (await d1.connect(started.address)) as AsyncSession
  await other.close()
  await expect(other.prepare(ECHO)([1])).rejects.toMatchObject({ code: 'ECONNRESET' })
})
