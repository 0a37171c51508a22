import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { LagCell, Run } from './contract/index.ts'
import { processesNaming, project, sqlatency, start, storedRun, workFolderOf } from './testing/cli.ts'

test('lag measures the replica with brackets, and says of one copy that it is one', async () => {
  const folder = project()
  const { code, stderr } = await sqlatency(folder, [
    'lag',
    '--backend',
    'turso-replica,postgres-local',
    '--markers',
    '12',
    '--write-rate',
    '50',
  ])
  expect(stderr).not.toContain('failed')
  expect(code).toBe(0)
  const run = storedRun(folder)
  expect(run.cells).toEqual([])
  const [replica, single] = run.lag
  expect(single).toEqual({ backend: 'postgres-local', outcome: 'none', reason: 'There is one copy of the data.' })
  if (replica?.outcome !== 'measured') throw new Error('not measured')
  expect(run.plan).toMatchObject({ lagMarkers: 12, lagWritesPerSecond: 50 })
  expect(replica.markers).toBe(12)
  expect(replica.wentBack).toBe(0)
  expect(replica.missedAfterAck).toBeLessThanOrEqual(12)
  expect(replica.ownWrites).toMatchObject({ probes: 50, missed: 0 })
  expect(replica.reads.quiet.reads).toBeGreaterThan(0)
  expect(replica.reads.applying!.reads).toBeGreaterThan(0)
  expect(replica.underLoad!.markers).toBe(12)
  expect(replica.underLoad!.load).toMatchObject({ offeredPerSecond: 50, failed: 0 })
  expect(replica.underLoad!.load.writes).toBeGreaterThan(0)
  expect(replica.rightCensored).toBe(0)
  expect(replica.position).toMatchObject({ unit: 'frames', compared: 12, agreeing: 12 })
  for (const { p50 } of [replica.ackToVisible, replica.sendToVisible, replica.commitToVisible]) {
    expect(p50!.lowerNs).toBeLessThanOrEqual(p50!.pointNs)
    expect(p50!.pointNs).toBeLessThanOrEqual(p50!.upperNs)
  }
  const lines = readFileSync(join(folder, 'results', 'latest', replica.samples), 'utf8')
    .trim()
    .split('\n')
  expect(lines).toHaveLength(12)
  expect(JSON.parse(lines[0]!)).toMatchObject({ marker: 2 })
})

test('lag measures every kind of replica, and no position contradicts what is seen', async () => {
  const backends = ['postgres-standby', 'postgres-logical', 'hybrid-logical', 'hybrid-polling', 'libsql-server-replica']
  const lag = await lagOf(backends)
  for (const cell of lag) expect(cell).toMatchObject({ position: { agreeing: 10, compared: 10 } })
  // The log position of a write is its own, whoever else writes; a frame number may be that of a later write.
  for (const postgres of lag.slice(0, 3))
    expect(postgres).toMatchObject({ underLoad: { position: { unit: 'bytes', agreeing: 10, compared: 10 } } })
})

// A beta, whose native part took its process down before it had processes apart (docs/replication-lag.md).
test('lag measures the new Turso engine, which tells no position', { retry: 2 }, async () => {
  expect(await lagOf(['turso-sync'])).toMatchObject([{ position: null }])
})

/** What is seen of ten markers at rest and under load, which is the same of every kind of replica. */
async function lagOf(backends: readonly string[]): Promise<LagCell[]> {
  const asked = ['lag', '--backend', backends.join(','), '--markers', '10', '--write-rate', '20', '--json', '--quiet']
  const { code, stdout } = await sqlatency(project(), asked)
  expect(code).toBe(0)
  const { lag } = JSON.parse(stdout) as { lag: LagCell[] }
  expect(lag.map(({ backend }) => backend)).toEqual(backends)
  for (const cell of lag) {
    if (cell.outcome !== 'measured') throw new Error('not measured')
    for (const figures of [cell, cell.underLoad!]) {
      expect(figures).toMatchObject({ markers: 10, rightCensored: 0, gaveUp: false, wentBack: 0 })
      const [trace] = figures.traces!
      expect(trace!.upperNs).toHaveLength(10)
      expect(Math.max(...trace!.upperNs.map(Number))).toBe(figures.ackToVisible.maxUpperNs)
      expect(trace!.sentNs).toEqual(trace!.sentNs.toSorted((one, other) => one - other))
    }
    expect(cell.ownWrites).toMatchObject({ probes: 50, missed: 0 })
  }
  return lag
}

test('a standby whose primary is far away is read here, and a write shows no sooner than it and the log have travelled', async () => {
  const asked = ['lag', '--backend', 'postgres-standby', '--markers', '10', '--write-rate', '0', '--json', '--quiet']
  const { code, stdout } = await sqlatency(project(), asked, { SQLATENCY_POSTGRES_STANDBY_RTT_MS: '8' })
  expect(code).toBe(0)
  const { lag, backends } = JSON.parse(stdout) as Run
  expect(backends).toMatchObject([{ reach: 'same-host', external: false, distance: { requestedRttNs: 8e6 } }])
  const [cell] = lag
  if (cell?.outcome !== 'measured') throw new Error('not measured')
  expect(cell).toMatchObject({ rightCensored: 0, position: { agreeing: 10, compared: 10 }, ownWrites: { missed: 0 } })
  // Half of a round trip each, of which the emulator may take a little off for what it costs itself.
  expect(cell.sendToVisible.p50!.upperNs).toBeGreaterThan(6e6)
})

describe('a server that dies', () => {
  test.each([
    ['standby', 'postgres-standby', 'standby', 'The replica failed: '],
    ['primary', 'postgres-standby', 'data', 'The primary failed: '],
    ['subscriber', 'postgres-logical', 'subscriber', 'The replica failed: '],
    ['feeder', 'hybrid-polling', 'copy.db', 'The process that feeds the SQLite file ended; it was killed'],
  ])('a %s: its backend fails with stage and remedy, the other is measured', async (_, backend, data, message) => {
    const folder = project()
    const asked = ['lag', '--backend', `${backend},libsql-server-replica`, '--write-rate', '0']
    const running = start(folder, asked)
    await running.saw(new RegExp(`${backend}: watching`))
    // 120 markers take longer than finding the server does.
    await new Promise((resolve) => setTimeout(resolve, 2500))
    const servers = processesNaming(join(workFolderOf(running.child), backend, data))
    expect(servers).not.toHaveLength(0)
    for (const { pid } of servers) process.kill(pid, 'SIGKILL')
    const { code } = await running.finished
    expect(code).toBe(3)
    const { status, lag } = storedRun(folder)
    expect(status).toBe('partial')
    const failed = lag.find((one) => one.backend === backend)
    expect(failed).toMatchObject({ outcome: 'failed', stage: 'lag', remedy: expect.stringMatching(/\.$/) })
    expect(failed).toMatchObject({ message: expect.stringContaining(message) })
    const other = lag.find((one) => one.backend === 'libsql-server-replica')
    expect(other).toMatchObject({ outcome: 'measured', markers: 120, underLoad: null })
  })
})

test('what this machine cannot have is skipped with what to do about it, and is no failure', async () => {
  const folder = project()
  const asked = ['run', '--backend', 'better-sqlite3,litestream', '--scenario', 'point-read,insert', '--rounds', '1']
  const small = ['--duration', '5ms', '--scale', '0.01', '--markers', '10']
  const { code, stdout } = await sqlatency(folder, [...asked, ...small], { SQLATENCY_LITESTREAM_BIN: '/nowhere' })
  expect(code).toBe(0)
  const run = storedRun(folder)
  expect(run.status).toBe('complete')
  const skipped = { outcome: 'skipped', reason: expect.stringMatching(/^There is no litestream .*go install/) }
  expect(run.cells.filter(({ backend }) => backend === 'litestream')).toMatchObject([skipped, skipped])
  expect(run.lag).toEqual(expect.arrayContaining([expect.objectContaining({ backend: 'litestream', ...skipped })]))
  expect(stdout).toContain('skipped: There is no litestream')
})
