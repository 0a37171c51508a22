import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Adapter, AsyncSession } from '../bench/contract/index.ts'
import { toSqlatencyError } from '../bench/contract/index.ts'
import { probeOwnWrites } from '../bench/run/own-writes.ts'
import adapter from './postgres-standby.ts'
import type { PostgresPair } from './servers/postgres-pair.ts'
import { startPostgresPair } from './servers/postgres-pair.ts'
import { startPostgres } from './servers/postgres-server.ts'
import { conforms } from './testing/conformance.ts'
import type { TestScope } from './testing/scope.ts'
import { testScope } from './testing/scope.ts'

conforms('postgres-standby', adapter)
conforms('postgres-standby, commits wait until they can be read', adapter, { synchronousCommit: 'remote_apply' })
conforms('postgres-standby, no commit waits for the disk', adapter, { synchronousCommit: 'off' })
conforms('postgres-standby, its primary 5 ms away', adapter, { rttMs: 5 })

const NOTHING = { texts: [], scenarioModules: [] }
type Options = typeof adapter.defaults
type Address = Parameters<typeof adapter.connect>[0]

const provision = (options: Partial<Options>, scope: TestScope) =>
  adapter.provision({ ...adapter.defaults, ...options }, scope, NOTHING)
const connect = async (address: Address): Promise<AsyncSession> => (await adapter.connect(address)) as AsyncSession

/** What somebody else sees and does in a database. */
async function elsewhere(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(text)).rows
  } finally {
    await client.end()
  }
}

async function pauseReplay(standbyUrl: string): Promise<void> {
  await elsewhere(standbyUrl, 'SELECT pg_wal_replay_pause()')
  await expect
    .poll(() => elsewhere(standbyUrl, 'SELECT pg_get_wal_replay_pause_state() AS state'))
    .toEqual([{ state: 'paused' }])
}

describe('postgres-standby by its URLs', { timeout: 60_000 }, () => {
  let scope: TestScope
  let pair: PostgresPair
  let urls: { url: string; standbyUrl: string }

  beforeAll(async () => {
    scope = await testScope()
    pair = await startPostgresPair(scope, false)
    urls = { url: pair.primaryUrl, standbyUrl: pair.standbyUrl }
  }, 60_000)
  afterAll(() => scope.close())

  const schemas = (url: string) => elsewhere(url, `SELECT nspname FROM pg_namespace WHERE nspname = 'sqlatency'`)

  it('starts nothing, writes at the one, reads at the other, and takes its schema away', async () => {
    await elsewhere(pair.primaryUrl, 'CREATE TABLE mine (id integer)')
    {
      await using inner = await testScope()
      const { address, servers, external, distance } = await provision(urls, inner)
      expect({ servers, external, distance }).toEqual({ servers: [], external: true, distance: null })
      const session = await connect(address)
      await session.prepare('CREATE TABLE mine (id integer)')([])
      await session.prepare('INSERT INTO mine VALUES ($1)')([1])
      expect(await session.prepare('SELECT id, pg_is_in_recovery() AS standby FROM mine')([])).toEqual([
        { id: 1, standby: true },
      ])
      expect((await session.facts()).settings).toMatchObject({
        synchronous_commit: 'local',
        synchronous_standby_names: '',
        sync_state: 'async',
        reads_at_standby: true,
      })
      await session.close()
    }
    expect(await schemas(pair.primaryUrl)).toEqual([])
    expect(await elsewhere(pair.primaryUrl, 'SELECT * FROM public.mine')).toEqual([])
  })

  it('refuses a schema that is not its own', async () => {
    await elsewhere(pair.primaryUrl, 'CREATE SCHEMA sqlatency')
    {
      await using inner = await testScope()
      await expect(provision(urls, inner)).rejects.toMatchObject({ code: 'FOREIGN_TABLES' })
    }
    expect(await schemas(pair.primaryUrl)).toHaveLength(1)
    await elsewhere(pair.primaryUrl, 'DROP SCHEMA sqlatency')
  })

  it('refuses what is no pair, with what to do and without a password', async () => {
    await using inner = await testScope()
    const other = await startPostgresPair(inner, false)
    await using third = await testScope()
    const single = await startPostgres(third)
    await elsewhere(pair.primaryUrl, 'CREATE DATABASE another')
    const cases: [Partial<Options>, RegExp][] = [
      [{ url: pair.primaryUrl }, /^postgres-standby: a url is given alone/],
      [{ standbyUrl: pair.standbyUrl }, /^postgres-standby: a standbyUrl is given alone/],
      [{ ...urls, rttMs: 5 }, /rttMs puts distance before a primary that sqlatency starts/],
      [{ url: pair.standbyUrl, standbyUrl: pair.standbyUrl }, /leads to a standby/],
      [{ url: pair.primaryUrl, standbyUrl: pair.primaryUrl }, /is no standby/],
      [{ url: pair.primaryUrl, standbyUrl: single.url }, /is no standby/],
      [{ url: pair.primaryUrl, standbyUrl: other.standbyUrl }, /system identifier differs/],
      [{ ...urls, url: pair.primaryUrl.replace('/postgres?', '/another?') }, /different databases/],
      [{ ...urls, synchronousCommit: 'remote_apply' }, /synchronous_standby_names of this primary is empty/],
    ]
    for (const [options, message] of cases) {
      const thrown: unknown = await provision(options, third).then(
        () => 'nothing was refused',
        (error: unknown) => error,
      )
      const error = toSqlatencyError(thrown)
      expect([error.code, error.message]).toEqual(['CONFIG_INVALID', expect.stringMatching(message)])
      for (const url of [pair.primaryUrl, single.url, other.standbyUrl])
        expect(JSON.stringify(error) + error.message).not.toContain(new URL(url).password)
    }
    expect(await schemas(pair.primaryUrl)).toEqual([])
  })

  it('denies access where the standby does', async () => {
    const url = new URL(pair.standbyUrl)
    url.password = 'wrong'
    await using inner = await testScope()
    const thrown: unknown = await provision({ ...urls, standbyUrl: url.href }, inner).catch((error: unknown) => error)
    expect(toSqlatencyError(thrown).code).toBe('ACCESS_DENIED')
  })

  describe('while the standby replays nothing', () => {
    /** Opened before the pause, because opening waits for the standby. */
    async function paused(readYourWrites: boolean, inner: TestScope) {
      const { address } = await provision({ ...urls, readYourWrites }, inner)
      const session = await connect(address)
      await session.batch([['CREATE TABLE sqlatency_marker (id integer PRIMARY KEY, seq integer)', []]])
      await session.catchUp!()
      await pauseReplay(pair.standbyUrl)
      inner.defer(() => elsewhere(pair.standbyUrl, 'SELECT pg_wal_replay_resume()').then(() => undefined))
      return { address, session }
    }

    it('a session without readYourWrites reads the old state, and each own write that it misses is counted', async () => {
      await using inner = await testScope()
      const { address, session } = await paused(false, inner)
      let marker = 0
      const opened = { ...adapter, connect: () => session } as unknown as Adapter
      const own = await probeOwnWrites(opened, { address, seed: 1, probes: 5 }, () => (marker += 1))
      expect(own).toMatchObject({ probes: 5, missed: 5 })
      await elsewhere(pair.standbyUrl, 'SELECT pg_wal_replay_resume()')
      const later = await connect(address)
      expect(await later.prepare('SELECT count(*) AS n FROM sqlatency_marker')([])).toEqual([{ n: 5 }])
      await later.close()
    })

    it('a session with it waits, and then misses nothing', async () => {
      await using inner = await testScope()
      const { session } = await paused(true, inner)
      await session.prepare('INSERT INTO sqlatency_marker VALUES ($1, $2)')([1, 1])
      const read = session.prepare('SELECT id FROM sqlatency_marker')([])
      expect(await elsewhere(pair.standbyUrl, 'SELECT id FROM sqlatency.sqlatency_marker')).toEqual([])
      await elsewhere(pair.standbyUrl, 'SELECT pg_wal_replay_resume()')
      expect(await read).toEqual([{ id: 1 }])
      await session.close()
    })
  })
})

describe('postgres-standby whose primary is far away', { timeout: 60_000 }, () => {
  it('dials the primary the long way from the application and from the standby, and the standby directly', async () => {
    await using scope = await testScope()
    const { address, distance, servers } = await provision({ rttMs: 4, emulator: 'relay' }, scope)
    expect(distance).toMatchObject({ requestedRttNs: 4e6, emulator: 'relay' })
    expect(servers.map(({ name }) => name)).toEqual(['PostgreSQL', 'PostgreSQL standby', 'relay'])
    expect(address).toMatchObject({ rttNs: 4e6, standby: { via: null } })
    const { via } = address.primary
    expect(String(via?.port)).not.toBe(new URL(address.primary.url).port)
    const [{ sender_port: dialled } = {}] = await elsewhere(
      address.standby.url,
      'SELECT sender_port FROM pg_stat_wal_receiver',
    )
    expect(dialled).toBe(via?.port)
    expect(adapter.replication?.configured?.(address)).toMatchObject({ expectedLagNs: 1e6 + 2e6 })
  })
})
