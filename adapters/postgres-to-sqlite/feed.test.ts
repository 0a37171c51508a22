import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { AsyncSession, Row } from '../../bench/contract/index.ts'
import adapter from '../postgres-to-sqlite.ts'
import type { TestScope } from '../testing/scope.ts'
import { testScope } from '../testing/scope.ts'
import type { HybridAddress } from './address.ts'
import { FEEDS } from './address.ts'
import { startFeeder } from './feeder.ts'
import { xmaxOf } from './snapshot.ts'

const NOTHING = { texts: [], scenarioModules: [] }
const CONFIRMED = {
  logical: "SELECT confirmed_flush_lsn - '0/0' FROM pg_replication_slots WHERE slot_name = $1",
  polling: 'SELECT seen::text FROM sqlatency_feed.consumer WHERE name = $1',
}
const KILLS = 4
const HOOK_TIMEOUT_MS = 60_000

const connect = (to: HybridAddress) => adapter.connect(to) as Promise<AsyncSession>

/** What the file has of all that is acknowledged. */
async function copied(session: AsyncSession, text: string): Promise<readonly Row[]> {
  await session.catchUp!()
  return [...(await session.prepare(text)([]))]
}

describe.each(FEEDS)('what comes over by %s', { timeout: 60_000 }, (feed) => {
  let scope: TestScope
  let address: HybridAddress
  /** Reads at the file; `primary` goes to PostgreSQL alone. */
  let session: AsyncSession
  let primary: AsyncSession

  const options = { ...adapter.defaults, feed, pollIntervalMs: 5 }
  const run = async (text: string, ...args: (string | number | null)[]): Promise<void> =>
    void (await primary.prepare(text)(args))
  const killFeeder = async (): Promise<void> => {
    process.kill(address.feederPid, 'SIGKILL')
    await vi.waitFor(() => expect(() => process.kill(address.feederPid, 0)).toThrow('ESRCH'), 10_000)
  }
  const restartFeeder = async (): Promise<void> => {
    await session.close()
    const { pid } = await startFeeder(address.file, address, scope)
    address = { ...address, feederPid: pid }
    session = await connect(address)
  }

  /** What PostgreSQL no longer keeps for this file. */
  const confirmed = async () => Object.values((await primary.prepare(CONFIRMED[feed])([address.consumer]))[0]!)[0]
  const reached = async () => (await session.prepare('SELECT position FROM sqlatency_feed')([]))[0]!.position

  beforeAll(async () => {
    scope = await testScope()
    ;({ address } = await adapter.provision(options, scope, NOTHING))
    session = await connect(address)
    primary = (await adapter.connectPrimary!(address)) as AsyncSession
  }, HOOK_TIMEOUT_MS)
  afterAll(async () => {
    await session.close()
    await primary.close()
    await scope.close()
  }, HOOK_TIMEOUT_MS)

  beforeEach(async () => {
    await run('DROP TABLE IF EXISTS item')
    await run('CREATE TABLE item (id bigint PRIMARY KEY, n bigint, body text, doc jsonb)')
  })

  test('a long value that an update leaves alone', async () => {
    // Too random to be compressed, so PostgreSQL keeps it apart from its row and does not send it again.
    await run("INSERT INTO item SELECT 1, 0, string_agg(md5(n::text), ''), NULL FROM generate_series(1, 4000) AS n")
    await run('UPDATE item SET n = 1')
    expect(await copied(session, 'SELECT n, length(body) AS long FROM item')).toEqual([{ n: 1, long: 128_000 }])
  })

  test('a null of JSON beside a null of SQL', async () => {
    await run("INSERT INTO item (id, doc) VALUES (1, 'null'), (2, NULL)")
    expect(await copied(session, 'SELECT doc FROM item ORDER BY id')).toEqual([{ doc: 'null' }, { doc: null }])
  })

  test('keys that change, deleted rows, emptied tables, and whole numbers that no double holds', async () => {
    await run('INSERT INTO item (id, n) SELECT k, 9007199254740993 FROM generate_series(1, 4) AS k')
    await run('UPDATE item SET id = 40 WHERE id = 4')
    await run('DELETE FROM item WHERE id = 2')
    expect(await copied(session, "SELECT id, n || '' AS n FROM item ORDER BY id")).toEqual(
      [1, 3, 40].map((id) => ({ id, n: '9007199254740993' })),
    )
    await run('TRUNCATE item')
    expect(await copied(session, 'SELECT id FROM item')).toEqual([])
  })

  test('indexes, and that they are gone', async () => {
    const indexes = 'SELECT name FROM sqlite_master WHERE name LIKE $1 ORDER BY name'
    const look = async () => {
      await session.catchUp!()
      return [...(await session.prepare(indexes)(['item%']))].map(({ name }) => name)
    }
    await run('CREATE INDEX item_n ON item (n, id)')
    await run('CREATE UNIQUE INDEX item_body ON item (body)')
    expect(await look()).toEqual(['item', 'item_body', 'item_n'])
    await run('DROP INDEX item_body')
    expect(await look()).toEqual(['item', 'item_n'])
    await run('DROP TABLE item')
    expect(await look()).toEqual([])
  })

  test('no change of a table that cannot be brought over: it is refused where it is made', async () => {
    await expect(run('ALTER TABLE item ADD COLUMN more text')).rejects.toThrow('ALTER TABLE is not brought over')
    await run('INSERT INTO item (id) VALUES (1)')
    expect(await copied(session, 'SELECT id FROM item')).toEqual([{ id: 1 }])
  })

  test('the last of two changes of a row, though a transaction between them stays open', async () => {
    await run('INSERT INTO item (id, n) VALUES (1, 0), (2, 0)')
    const [early, open] = [(await adapter.connectPrimary!(address)) as AsyncSession, await connect(address)]
    // The first has the lowest number, the second stays open, the third is the highest and changes the row first.
    await early.prepare('BEGIN')([])
    await early.prepare('UPDATE item SET n = 1 WHERE id = 2')([])
    const sleeping = open.batch([
      ['INSERT INTO item (id, n) VALUES (3, 0)', []],
      ['DO $$ BEGIN PERFORM pg_sleep(0.5); END $$', []],
    ])
    await sleep(100)
    await run('UPDATE item SET n = 10 WHERE id = 1')
    await early.prepare('UPDATE item SET n = 11 WHERE id = 1')([])
    await early.prepare('COMMIT')([])
    await sleep(100)
    await sleeping
    const expected = [
      { id: 1, n: 11 },
      { id: 2, n: 1 },
      { id: 3, n: 0 },
    ]
    expect(await copied(session, 'SELECT id, n FROM item ORDER BY id')).toEqual(expected)
    await Promise.all([early.close(), open.close()])
  })

  test('everything once, however often the feeder is killed in the middle of it', async () => {
    const progress = { kills: 0, rows: 0 }
    const writing = (async () => {
      while (progress.kills < KILLS) {
        progress.rows += 1
        const id = progress.rows
        await primary.batch([
          ['INSERT INTO item (id, n) VALUES ($1, 0)', [id]],
          ['UPDATE item SET n = n + 1 WHERE id = $1', [Math.ceil(id / 2)]],
        ])
      }
    })()
    for (; progress.kills < KILLS; progress.kills += 1) {
      await sleep(20 + 7 * progress.kills)
      await killFeeder()
      await restartFeeder()
    }
    await writing
    const sums = 'SELECT count(*) AS rows, sum(n) AS n, sum(n * id) AS weighted FROM item'
    expect(await copied(session, sums)).toEqual((await primary.prepare(sums)([])).map((row) => ({ ...row })))
    expect(await copied(session, 'SELECT count(*) AS rows FROM item')).toEqual([{ rows: progress.rows }])
  })

  test('the same, seen from further away by a file of its own', async () => {
    await run('INSERT INTO item (id, n) VALUES (1, 1)')
    await session.catchUp!()
    await using far = await testScope()
    const moved = await adapter.move!(
      { address, distance: null, servers: [], external: false },
      { ...options, rttMs: 5, emulator: 'relay' },
      far,
    )
    expect(moved.distance!.measuredRttNs).toBeGreaterThan(4e6)
    expect(moved.address.file).not.toBe(address.file)
    const there = await connect(moved.address)
    await run('INSERT INTO item (id, n) VALUES (2, 2)')
    const both = [
      { id: 1, n: 1 },
      { id: 2, n: 2 },
    ]
    expect(await copied(there, 'SELECT id, n FROM item ORDER BY id')).toEqual(both)
    expect(await copied(session, 'SELECT id, n FROM item ORDER BY id')).toEqual(both)
    await there.close()
  })

  test('nothing into a file that is older than what PostgreSQL has kept for it', async () => {
    const old = join(scope.directory, 'old.db')
    await killFeeder()
    for (const part of ['', '-wal']) copyFileSync(`${address.file}${part}`, `${old}${part}`)
    await restartFeeder()
    for (let id = 1; id <= 3; id += 1) await run('INSERT INTO item (id) VALUES ($1)', id)
    await session.catchUp!()
    await vi.waitFor(async () => {
      const [kept, position] = [await confirmed(), await reached()]
      // A slot to the byte, or a transaction would be left out. Clearing up after a poll is a transaction of its own.
      if (feed === 'logical') expect(kept).toBe(position)
      else expect(xmaxOf(String(kept))).toBeGreaterThanOrEqual(xmaxOf(String(position)) - 1)
    }, 10_000)
    await killFeeder()
    await expect(startFeeder(old, address, scope)).rejects.toThrow('has to be made anew')
    expect(readFileSync(`${old}-feeder-error`, 'utf8')).toContain('has to be made anew')
    await restartFeeder()
    expect(await copied(session, 'SELECT count(*) AS rows FROM item')).toEqual([{ rows: 3 }])
  })
})
