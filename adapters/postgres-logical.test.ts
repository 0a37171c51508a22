import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AsyncSession, Session } from '../bench/contract/index.ts'
import { ddl, markerTable } from '../bench/contract/index.ts'
import adapter from './postgres-logical.ts'
import { conforms } from './testing/conformance.ts'
import type { TestScope } from './testing/scope.ts'
import { testScope } from './testing/scope.ts'

conforms('postgres-logical', adapter)
conforms('postgres-logical, commits wait until they can be read', adapter, { synchronousCommit: 'remote_apply' })
conforms('postgres-logical, no commit waits for the disk', adapter, { synchronousCommit: 'off' })

type Address = Parameters<typeof adapter.connect>[0]

const ask = async (session: Session, text: string): Promise<unknown[]> => [...(await session.prepare(text)([]))]

describe('a publisher and its subscriber', () => {
  let scope: TestScope
  let address: Address
  let primary: Session
  let session: AsyncSession
  let subscriber: Client

  beforeAll(async () => {
    scope = await testScope()
    ;({ address } = await adapter.provision(adapter.defaults, scope, { texts: [], scenarioModules: [] }))
    primary = await adapter.connectPrimary!(address)
    session = (await adapter.connect(address)) as AsyncSession
    subscriber = new Client({ connectionString: address.subscriber.url })
    await subscriber.connect()
    await subscriber.query('SET search_path = sqlatency')
  })
  afterAll(async () => {
    await Promise.all([primary.close(), session.close(), subscriber.end()])
    await scope.close()
  })

  test('have the same tables and rows, whatever is done to them, and however often', async () => {
    for (const _ of ['first', 'second']) {
      await ask(primary, 'CREATE TABLE thing (id bigint PRIMARY KEY, size bigint)')
      await ask(primary, 'CREATE INDEX thing_size ON thing (size)')
      await ask(session, 'INSERT INTO thing SELECT n, n FROM generate_series(1, 1000) AS n')
      await ask(session, 'UPDATE thing SET size = -size WHERE id <= 10')
      await ask(session, 'DELETE FROM thing WHERE id > 20')
      const sum = 'SELECT count(*)::int AS rows, sum(size)::int AS size FROM thing'
      expect(await ask(session, sum)).toEqual([{ rows: 20, size: 155 - 55 }])
      expect((await subscriber.query(sum)).rows).toEqual([{ rows: 20, size: 155 - 55 }])
      const indexes =
        "SELECT indexrelid::regclass::text AS name FROM pg_index WHERE indrelid = 'thing'::regclass ORDER BY 1"
      expect((await subscriber.query(indexes)).rows).toEqual([{ name: 'thing_pkey' }, { name: 'thing_size' }])
      await ask(session, 'TRUNCATE thing')
      expect(await ask(session, sum)).toEqual([{ rows: 0, size: null }])
      await ask(primary, 'DROP TABLE thing')
      expect((await subscriber.query("SELECT to_regclass('thing') AS thing")).rows).toEqual([{ thing: null }])
    }
  })

  test('drop no table and gather no statistics before the rows that are on their way', async () => {
    const heldUp = async (work: () => Promise<unknown>): Promise<void> => {
      await subscriber.query('BEGIN')
      await subscriber.query('INSERT INTO obstacle VALUES (1)')
      await ask(session, 'INSERT INTO obstacle VALUES (1)')
      const begun = work()
      await sleep(300)
      await subscriber.query('ROLLBACK')
      await begun
      await ask(session, 'DELETE FROM obstacle')
      await session.catchUp!()
    }
    await ask(primary, 'CREATE TABLE obstacle (id bigint PRIMARY KEY)')
    await ask(primary, 'CREATE TABLE thing (id bigint PRIMARY KEY)')
    await heldUp(async () => {
      await ask(session, 'INSERT INTO thing SELECT generate_series(1, 1000)')
      await ask(primary, 'ANALYZE thing')
    })
    const known = "SELECT reltuples::int AS rows FROM pg_class WHERE oid = 'thing'::regclass"
    expect((await subscriber.query(known)).rows).toEqual([{ rows: 1000 }])
    await heldUp(async () => {
      await ask(session, 'INSERT INTO thing VALUES (1001)')
      await ask(primary, 'DROP TABLE thing')
    })
    await ask(primary, 'DROP TABLE obstacle')
  })

  test('say who commits how', async () => {
    const { settings, durability } = await session.facts()
    expect(durability).toBe('durable')
    expect(settings).toMatchObject({
      synchronous_commit: 'local',
      sync_state: 'async',
      reads_at_subscriber: true,
      subscriber_synchronous_commit: 'off',
    })
  })

  test('know the password from a file that nobody else may read', async () => {
    const { password } = new URL(address.publisher.url)
    const { rows } = await subscriber.query<{ subconninfo: string }>('SELECT subconninfo FROM pg_subscription')
    expect(rows[0]!.subconninfo).toContain('passfile=')
    expect(rows[0]!.subconninfo).not.toContain(password)
    const file = join(scope.directory, 'subscriber', 'publisher.pgpass')
    expect(readFileSync(file, 'utf8')).toContain(password)
    expect(statSync(file).mode & 0o077).toBe(0)
  })

  describe('that takes 100 ms to flush a commit', () => {
    beforeAll(async () => {
      for (const text of ddl(markerTable, 'postgres')) await ask(primary, text)
      await subscriber.query('ALTER SUBSCRIPTION sqlatency SET (synchronous_commit = local)')
      await subscriber.query('ALTER SYSTEM SET commit_siblings = 0')
      await subscriber.query('ALTER SYSTEM SET commit_delay = 100000')
      await subscriber.query('SELECT pg_reload_conf()')
    })

    test('says that it is past a commit that it does not show yet', async () => {
      const writer = await adapter.replication!.writer(address)
      const reader = await adapter.replication!.reader(address)
      let early = 0
      for (let marker = 1; marker <= 5; marker += 1) {
        const written = await writer.write(marker)
        let seen = await reader.poll(marker)
        for (; (seen.position ?? 0) < written!; seen = await reader.poll(marker)) expect(seen.visible).toBe(false)
        if (!seen.visible) early += 1
        await session.catchUp!()
        expect(await reader.poll(marker)).toMatchObject({ visible: true })
      }
      await Promise.all([writer.close(), reader.close()])
      expect(early).toBeGreaterThan(0)
    })

    test.each([true, false])('hides no own write where readYourWrites is %s', async (readYourWrites) => {
      const own = await adapter.connect({ ...address, readYourWrites })
      const write = own.prepare('INSERT INTO sqlatency_marker (id, seq) VALUES ($1, 0)')
      const read = own.prepare('SELECT id FROM sqlatency_marker WHERE id = $1')
      let missed = 0
      for (let n = 1; n <= 5; n += 1) {
        const marker = (readYourWrites ? 100 : 200) + n
        await write([marker])
        if ((await read([marker])).length === 0) missed += 1
      }
      await own.close()
      if (readYourWrites) expect(missed).toBe(0)
      else expect(missed).toBeGreaterThan(0)
    })
  })

  test('that is lost ends the wait for it', async () => {
    const doomed = (await adapter.connect(address)) as AsyncSession
    await subscriber.query('ALTER SUBSCRIPTION sqlatency DISABLE')
    await subscriber.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`)
    await ask(primary, 'INSERT INTO sqlatency_marker (id, seq) VALUES (1000, 0)')
    await expect(doomed.catchUp!()).rejects.toMatchObject({ code: 'UNREACHABLE' })
    expect(doomed.isLost!()).toBe(true)
    await doomed.close()
  })
})

test('a commit that waits for the disk of the subscriber is flushed there at once', async () => {
  await using scope = await testScope()
  const options = { ...adapter.defaults, synchronousCommit: 'on' }
  const { address } = await adapter.provision(options, scope, { texts: [], scenarioModules: [] })
  const session = await adapter.connect(address)
  expect((await session.facts()).settings).toMatchObject({ sync_state: 'sync', subscriber_synchronous_commit: 'local' })
  await session.close()
})
