import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import standby from '../../adapters/postgres-standby.ts'
import type { TestScope } from '../../adapters/testing/scope.ts'
import { testScope } from '../../adapters/testing/scope.ts'
import type { Adapter, LagCell, LagWriter } from '../contract/index.ts'
import { ddl, markerTable } from '../contract/index.ts'
import type { LagTask } from './lag-cell.ts'
import { measureLag } from './lag-cell.ts'
import { probeOwnWrites } from './own-writes.ts'

type Address = Parameters<typeof standby.connect>[0]

const at = async (connectionString: string, text: string): Promise<void> => {
  const client = new pg.Client({ connectionString })
  await client.connect()
  await client.query(text)
  await client.end()
}

/** Long enough for a machine that does much else: a marker that nothing holds up has to be seen within it. */
const TIMEOUT_MS = 1000

describe('a standby that stops replaying', () => {
  let scope: TestScope
  let address: Address

  beforeAll(async () => {
    scope = await testScope()
    ;({ address } = await standby.provision(standby.defaults, scope, { texts: [], scenarioModules: [] }))
    const session = await standby.connectPrimary!(address)
    for (const text of ddl(markerTable, 'postgres')) await session.prepare(text)([])
    await session.close()
  })
  beforeEach(() => at(address.primary.url, 'TRUNCATE sqlatency.sqlatency_marker'))
  afterAll(() => scope.close())

  const atStandby = (text: string): Promise<void> => at(address.standby.url, text)

  /** Does something before a marker is written. */
  const before = (marker: number, act: () => Promise<void>): Adapter => {
    const replication = standby.replication!
    const writer = async (): Promise<LagWriter> => {
      const real = await replication.writer(address)
      const write = async (asked: number): Promise<number | null> => {
        if (asked === marker) await act()
        return real.write(asked)
      }
      return { write, close: () => real.close() }
    }
    return { ...standby, replication: { ...replication, writer } } as unknown as Adapter
  }

  const task = (markers: number): LagTask => ({
    adapter: standby.id,
    backend: 'stopped',
    configPath: null,
    address,
    seed: 1,
    markers,
    writesPerSecond: 20,
    timeoutNs: TIMEOUT_MS * 1e6,
    probes: 20,
    readingNs: 200e6,
    samplesPath: `${scope.directory}/lag.ndjson`,
    samplesName: 'lag.ndjson',
  })

  const measure = async (adapter: Adapter, markers: number): Promise<Extract<LagCell, { outcome: 'measured' }>> => {
    const lag = await measureLag(adapter, task(markers), () => undefined)
    if (lag.outcome !== 'measured') throw new Error(lag.outcome)
    return lag
  }

  test('leaves censored markers, an unknown median and a label, not a hang', async () => {
    const lag = await measure(
      before(4, () => atStandby('SELECT pg_wal_replay_pause()')),
      100,
    )
    await atStandby('SELECT pg_wal_replay_resume()')
    // 2 and 3 are seen; 4, 5 and 6 are not, and that is enough.
    expect(lag).toMatchObject({ markers: 5, rightCensored: 3, gaveUp: true, underLoad: null, ownWrites: null })
    for (const estimate of [lag.ackToVisible, lag.sendToVisible, lag.commitToVisible])
      expect(estimate).toEqual({ p50: null, p95: null, p99: null, maxUpperNs: null })
    expect(lag.staleAfter.at(-1)).toMatchObject({ low: 0.6 })
    expect(lag.missedAfterAck).toBeGreaterThanOrEqual(3)
    expect(lag.position).toMatchObject({ agreeing: 2, compared: 2 })
  })

  test('and goes on later is measured, with the markers that came late as such', async () => {
    let resumed: Promise<void> = Promise.resolve()
    const lag = await measure(
      before(4, async () => {
        await atStandby('SELECT pg_wal_replay_pause()')
        resumed = new Promise((resolve) => setTimeout(resolve, 1.5 * TIMEOUT_MS)).then(() =>
          atStandby('SELECT pg_wal_replay_resume()'),
        )
      }),
      12,
    )
    await resumed
    expect(lag).toMatchObject({ markers: 12, gaveUp: false, wentBack: 0 })
    expect(lag.rightCensored).toBeGreaterThanOrEqual(1)
    expect(lag.rightCensored).toBeLessThan(3)
    expect(lag.ackToVisible.p50).not.toBeNull()
    expect(lag.ackToVisible.maxUpperNs).toBeNull()
    expect(lag.underLoad).toMatchObject({ markers: 12, load: { offeredPerSecond: 20, failed: 0 } })
  })
})

test.each([
  [true, 0],
  [false, 1],
])(
  'a session on a standby that lags, readYourWrites %s, misses at least %s of its own writes',
  async (readYourWrites, least) => {
    await using scope = await testScope()
    const options = { ...standby.defaults, synchronousCommit: 'off', readYourWrites }
    const { address } = await standby.provision(options, scope, { texts: [], scenarioModules: [] })
    const session = await standby.connectPrimary!(address)
    for (const text of ddl(markerTable, 'postgres')) await session.prepare(text)([])
    await session.close()
    let marker = 0
    const adapter = standby as unknown as Adapter
    const found = await probeOwnWrites(adapter, { address, seed: 1, probes: 50 }, () => (marker += 1))
    expect(found?.probes).toBe(50)
    expect(found?.missed).toBeGreaterThanOrEqual(least)
    if (readYourWrites) expect(found?.missed).toBe(0)
  },
)
