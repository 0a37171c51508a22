import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { AsyncSession, Session, Value } from '../bench/contract/index.ts'
import adapter from './postgres-to-sqlite.ts'
import { startFeeder } from './postgres-to-sqlite/feeder.ts'
import { conforms } from './testing/conformance.ts'
import type { TestScope } from './testing/scope.ts'
import { testScope } from './testing/scope.ts'

conforms('hybrid, logical', adapter)
conforms('hybrid, polling', adapter, { feed: 'polling', pollIntervalMs: 10 })
conforms('hybrid at a distance', adapter, { rttMs: 2, emulator: 'relay' })

type Address = Parameters<typeof adapter.connect>[0]

const ask = async (session: Session, text: string, args: readonly Value[] = []) => [
  ...(await session.prepare(text)(args)),
]

/** A row is numbered when it is written and seen when its transaction commits, which some do much later. */
async function write(writer: AsyncSession, n: number): Promise<void> {
  for (let turn = 0; turn < 40; turn += 1)
    await writer.batch([
      ['INSERT INTO entry (id, writer) VALUES ($1, $2)', [n * 1000 + turn, n]],
      [`SELECT pg_sleep(${(turn * 7 + n * 3) % 10 === 0 ? 0.02 : 0})`, []],
    ])
}

describe.each(['logical', 'polling'])('a file that is fed by %s', (feed) => {
  let scope: TestScope
  let address: Address
  let session: AsyncSession

  beforeAll(async () => {
    scope = await testScope()
    const options = { ...adapter.defaults, feed, pollIntervalMs: 5 }
    ;({ address } = await adapter.provision(options, scope, { texts: [], scenarioModules: [] }))
    session = (await adapter.connect(address)) as AsyncSession
    const primary = await adapter.connectPrimary!(address)
    await ask(primary, 'CREATE TABLE account (id bigint PRIMARY KEY, money bigint)')
    await ask(primary, 'CREATE TABLE entry (id bigint PRIMARY KEY, writer bigint)')
    await ask(primary, 'INSERT INTO account SELECT n, 100 FROM generate_series(1, 10) AS n')
    await primary.close()
  })
  afterAll(async () => {
    await session.close()
    await scope.close()
  })

  test('loses no row, in whatever order concurrent transactions commit', async () => {
    const writers = await Promise.all(
      Array.from({ length: 4 }, async () => adapter.connect(address) as Promise<AsyncSession>),
    )
    await Promise.all(writers.map(write))
    await session.catchUp!()
    expect(await ask(session, 'SELECT count(*) AS rows, sum(writer) AS sum FROM entry')).toEqual([
      { rows: 160, sum: 40 * (0 + 1 + 2 + 3) },
    ])
    await Promise.all(writers.map((writer) => writer.close()))
  })

  test('never shows half a transaction', async () => {
    const writer = (await adapter.connect(address)) as AsyncSession
    const progress = { isDone: false }
    const transfers = (async () => {
      for (let n = 0; n < 100; n += 1)
        await writer.batch([
          ['UPDATE account SET money = money - 1 WHERE id = $1', [(n % 10) + 1]],
          ['UPDATE account SET money = money + 1 WHERE id = $1', [((n + 3) % 10) + 1]],
        ])
      progress.isDone = true
    })()
    const sums = new Set<unknown>()
    while (!progress.isDone) {
      const [row] = await ask(session, 'SELECT sum(money) AS sum FROM account')
      sums.add(row!.sum)
      await new Promise((resolve) => void setImmediate(resolve))
    }
    await transfers
    expect([...sums]).toEqual([1000])
    await writer.close()
  })

  test('has every change once after its feeder was killed and started again', async () => {
    const insert = session.prepare('INSERT INTO entry (id, writer) VALUES ($1, 9)')
    for (let n = 0; n < 20; n += 1) await insert([9000 + n])
    process.kill(address.feederPid, 'SIGKILL')
    for (let n = 20; n < 40; n += 1) await insert([9000 + n])
    await vi.waitFor(() => expect(() => process.kill(address.feederPid, 0)).toThrow('ESRCH'), 10_000)
    await expect(session.catchUp!()).rejects.toMatchObject({ code: 'SERVER_DIED' })
    const { pid } = await startFeeder(address.file, address, scope)
    const again = (await adapter.connect({ ...address, feederPid: pid })) as AsyncSession
    await again.catchUp!()
    expect(await ask(again, 'SELECT count(*) AS rows FROM entry WHERE writer = 9')).toEqual([{ rows: 40 }])
    await again.close()
  })
})
