import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sqlatency, project, storedRun } from '../../bench/testing/cli.ts'
import type { Adapter, LagCell } from '../../bench/contract/index.ts'
import { ddl, markerTable } from '../../bench/contract/index.ts'
import type { LagTask } from '../../bench/run/lag-cell.ts'
import { measureLag } from '../../bench/run/lag-cell.ts'
import { probeOwnWrites } from '../../bench/run/own-writes.ts'
import type { TestScope } from '../testing/scope.ts'
import { testScope } from '../testing/scope.ts'
import d1 from './index.ts'
import type { FakeReplica } from './testing/fake-d1.ts'
import type { DeployedFake } from './testing/served.ts'
import { deployFake } from './testing/served.ts'

const adapter = d1 as unknown as Adapter
const replication = d1.replication!

let scope: TestScope
beforeEach(async () => {
  scope = await testScope()
})
afterEach(() => scope.close())

const WEUR: FakeReplica = { region: 'WEUR', delayNs: 60e6 }
const APAC: FakeReplica = { region: 'APAC', delayNs: 400e6 }

const task = ({ address }: DeployedFake, changes: Partial<LagTask> = {}): LagTask => ({
  adapter: 'd1',
  backend: 'd1-worker',
  configPath: null,
  address,
  seed: 1,
  markers: 8,
  writesPerSecond: 0,
  timeoutNs: 10e9,
  probes: 0,
  readingNs: 50e6,
  samplesPath: join(scope.directory, 'lag.ndjson'),
  samplesName: 'lag.ndjson',
  ...changes,
})

async function measure(asked: LagTask): Promise<Extract<LagCell, { outcome: 'measured' }>> {
  const cell = await measureLag(adapter, asked, () => undefined)
  if (cell.outcome !== 'measured') throw new Error(JSON.stringify(cell))
  return cell
}

interface Line {
  readonly marker: number
  readonly ackNs: number
  readonly lastMissStartNs: number | null
  readonly firstSightEndNs: number
}

/** The commit lies between sending and acknowledgement, and a copy shows it the delay later: so each line has to hold that delay. */
function expectDelays({ fake }: DeployedFake, replicas: readonly FakeReplica[]): void {
  const lines = readFileSync(join(scope.directory, 'lag.ndjson'), 'utf8').trim().split('\n')
  expect(lines).toHaveLength(8)
  for (const text of lines) {
    const { marker, ackNs, lastMissStartNs, firstSightEndNs } = JSON.parse(text) as Line
    const first = fake.reads.find(({ isPrimary, args, found }) => !isPrimary && found && args[0] === marker)!
    const { delayNs } = replicas.find(({ region }) => region === first.region)!
    expect(firstSightEndNs).toBeGreaterThanOrEqual(delayNs)
    if (lastMissStartNs !== null) expect(lastMissStartNs - ackNs).toBeLessThanOrEqual(delayNs)
  }
}

describe('the lag of a deployed D1', () => {
  test('lies in the brackets, at rest and under writes', async () => {
    const deployed = await deployFake({ replicas: [WEUR], route: () => 0 }, scope)
    const cell = await measure(task(deployed, { writesPerSecond: 20, probes: 10 }))
    expectDelays(deployed, [WEUR])
    for (const { markers, rightCensored, wentBack, commitToVisible } of [cell, cell.underLoad!]) {
      expect({ markers, rightCensored, wentBack }).toEqual({ markers: 8, rightCensored: 0, wentBack: 0 })
      expect(commitToVisible.p50!.lowerNs).toBeLessThanOrEqual(WEUR.delayNs)
      expect(commitToVisible.p50!.upperNs).toBeGreaterThanOrEqual(WEUR.delayNs)
    }
    expect(cell.underLoad!.load.writes).toBeGreaterThan(0)
    expect(cell.ownWrites).toMatchObject({ probes: 10, missed: 0 })
    const polls = cell.polls + cell.underLoad!.polls
    expect(cell.servedBy).toEqual({ replicas: [{ name: 'WEUR', polls }], primaryPolls: 0 })
  })

  test('is not that of the primary, which sometimes answers and sees every write at once', async () => {
    const deployed = await deployFake({ replicas: [WEUR], route: (read) => (read % 3 === 0 ? 0 : null) }, scope)
    const cell = await measure(task(deployed, { probes: 12 }))
    expectDelays(deployed, [WEUR])
    expect(cell.servedBy).toMatchObject({ replicas: [{ name: 'WEUR', polls: cell.polls }] })
    expect(cell.servedBy!.primaryPolls).toBeGreaterThan(cell.polls)
    expect(cell.ownWrites).toMatchObject({ probes: 4, missed: 0 })
    expect(cell.reads.quiet.reads).toBeGreaterThan(0)
  })

  test('is that of each replica on its own, and going back from a newer to an older one is counted', async () => {
    const replicas = [WEUR, APAC]
    const deployed = await deployFake({ replicas, route: (read) => read % 2 }, scope)
    const { wentBack, servedBy } = await measure(task(deployed))
    expectDelays(deployed, replicas)
    expect(wentBack).toBeGreaterThan(0)
    expect(servedBy!.replicas.map(({ name }) => name)).toEqual(['APAC', 'WEUR'])
    expect(servedBy!.primaryPolls).toBe(0)
  })

  test('is none, with reason and remedy, where the primary answers everything', async () => {
    const deployed = await deployFake({ replicas: [], route: () => null }, scope)
    const reason = expect.stringMatching(/^No read was answered by a replica: .* Switch it on /)
    const cell = await measureLag(adapter, task(deployed), () => undefined)
    expect(cell).toEqual({ backend: 'd1-worker', outcome: 'none', reason })
  })
})

test('a read that carries the bookmark of a write waits for it, one that does not misses it', async () => {
  const deployed = await deployFake({ replicas: [APAC], route: () => 0 }, scope)
  const own = await replication.ownWrites!(deployed.address)
  const other = await replication.reader(deployed.address)
  scope.defer(() => Promise.all([own.close(), other.close()]).then(() => undefined))
  for (const marker of [1, 2, 3]) {
    await own.write(marker)
    const [mine, theirs] = await Promise.all([own.poll(marker), other.poll(marker)])
    expect(mine).toMatchObject({ visible: true, counts: true, copy: 'APAC' })
    expect(theirs).toMatchObject({ visible: false, counts: true, copy: 'APAC' })
  }
})

test('own writes that only the primary was asked for are no figure', async () => {
  const { address } = await deployFake({ replicas: [], route: () => null }, scope)
  let marker = 0
  expect(await probeOwnWrites(adapter, { address, seed: 1, probes: 3 }, () => (marker += 1))).toBeNull()
})

const withoutMarkers = (path: string): string => path.replace('/marker/', '/unknown/')

test('a Worker of an older version is told so, with what to do', async () => {
  const deployed = await deployFake({ replicas: [WEUR], route: () => 0, pathOf: withoutMarkers }, scope)
  await expect(measureLag(adapter, task(deployed), () => undefined)).rejects.toMatchObject({
    code: 'UNKNOWN_OPERATION',
    message: expect.stringContaining('is of an older version'),
    remedy: expect.stringContaining('Deploy the Worker again'),
  })
})

test("Cloudflare's own runtime answers the same questions, and tells nothing of primary and region", async () => {
  const { address } = await d1.provision(d1.defaults, scope, { texts: ddl(markerTable, 'sqlite'), scenarioModules: [] })
  const session = await d1.connect(address)
  for (const text of ddl(markerTable, 'sqlite')) await session.prepare(text)([])
  await session.close()
  const own = await replication.ownWrites!(address)
  const reader = await replication.reader(address)
  scope.defer(() => Promise.all([own.close(), reader.close()]).then(() => undefined))
  expect(await reader.poll(1)).toMatchObject({ visible: false, counts: false })
  await own.write(1)
  expect(await own.poll(1)).toMatchObject({ visible: true, counts: false })
  expect(await reader.poll(1)).toMatchObject({ visible: true, counts: false })
  expect(replication.configured!(address)).toEqual({ none: 'The local simulator keeps one copy of the data.' })
})

test('on the command line: measured and printed, and neither URL nor token are stored', async () => {
  const { address } = await deployFake({ replicas: [WEUR], route: (read) => (read % 4 === 0 ? null : 0) }, scope)
  const folder = project()
  const asked = ['lag', '--backend', 'd1-worker', '--markers', '4', '--write-rate', '20']
  const env = { SQLATENCY_D1_WORKER_URL: address.url, SQLATENCY_D1_WORKER_TOKEN: address.token }
  const { code, stdout, stderr } = await sqlatency(folder, asked, env)
  expect(stderr).not.toContain('failed')
  expect(code).toBe(0)
  const [cell] = storedRun(folder).lag
  if (cell?.outcome !== 'measured') throw new Error('not measured')
  expect(cell.ownWrites!.missed).toBe(0)
  expect(cell.servedBy!.primaryPolls).toBeGreaterThan(0)
  expect(stdout).toContain('polls answered by replicas in WEUR')
  const results = join(folder, 'results')
  const stored = readdirSync(results, { recursive: true, encoding: 'utf8' })
    .map((name) => join(results, name))
    .filter((path) => statSync(path).isFile())
  expect(stored.length).toBeGreaterThan(1)
  for (const text of [...stored.map((path) => readFileSync(path, 'utf8')), stdout, stderr]) {
    expect(text).not.toContain(address.token)
    expect(text).not.toContain(new URL(address.url).host)
  }
})

test('on the command line: none of the local simulator, which is no failure', async () => {
  const folder = project()
  const { code } = await sqlatency(folder, ['lag', '--backend', 'd1-worker', '--markers', '4', '--quiet'])
  expect(code).toBe(0)
  const reason = 'The local simulator keeps one copy of the data.'
  expect(storedRun(folder).lag).toEqual([{ backend: 'd1-worker', outcome: 'none', reason }])
})
