import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Load, MeasuredCell, Round } from './contract/index.ts'
import { seededRandom } from './contract/index.ts'
import { timetable } from './measure/arrivals.ts'
import { decodeSamples } from './measure/samples.ts'
import { loadRun } from './run/store.ts'
import { project, sqlatency } from './testing/cli.ts'

const words = (text: string): string[] => text.split(' ')
const small = words('--scale 0.01 --markers 0 --scenario point-read')

const measuredCells = (folder: string): MeasuredCell[] =>
  // Read as any other stored run is: checked against the schema.
  loadRun(join(folder, 'results'), 'latest').run.cells.filter((cell) => cell.outcome === 'measured')

const samples = (folder: string, name: string): Float64Array =>
  decodeSamples(readFileSync(join(folder, 'results', 'latest', name)))

test('--rate: operations arrive by the seeded timetable, alike on every backend, and every stamp can be had again', async () => {
  const folder = project()
  const { code, stdout } = await sqlatency(folder, [
    ...words('run --backend null,better-sqlite3,postgres-local --rounds 2 --duration 60ms'),
    ...words('--rate 3000 --concurrency 64 --seed 5'),
    ...small,
  ])
  expect(code).toBe(0)
  expect(stdout).toContain('under load')
  const cells = measuredCells(folder)
  expect(cells).toHaveLength(3)
  const load: Load = { kind: 'open', ratePerSecond: 3000, arrivals: 'poisson', concurrency: 64 }
  for (const cell of cells) {
    expect(cell.load).toEqual(load)
    for (const round of cell.rounds) expectTimetable(folder, cell, round)
    const { response, operations, errors } = cell.estimates
    expect(response!.offered).toBe(operations + response!.unissued + errors)
    expect(response!.offeredPerSecond).toBeCloseTo(3000, 3)
  }
})

function expectTimetable(folder: string, { scenario, estimates }: MeasuredCell, round: Round): void {
  const open = round.open!
  const [serviceNs, waitNs, gapNs] = [round.samples, open.waits, open.arrivals].map((name) =>
    samples(folder, name),
  ) as [Float64Array, Float64Array, Float64Array]
  expect(estimates.errors).toBe(0)
  expect(serviceNs.length).toBe(round.operations)
  expect(waitNs.length).toBe(round.operations)
  const intended = timetable(
    { ratePerSecond: 3000, arrivals: 'poisson', durationNs: open.timetableNs },
    seededRandom(5, 'arrivals', scenario, round.repetition),
  )
  let at = 0
  expect([...gapNs].map((gap) => (at += gap))).toEqual([...intended])
  const responses = serviceNs.map((service, n) => service + waitNs[n]!)
  const largest = Math.max(...responses)
  const stored = open.response.find(({ p }) => p === 1)!
  if (open.unissued === 0) expect(stored).toEqual({ p: 1, ns: largest, atLeast: false })
  else expect(stored.ns).toBeGreaterThanOrEqual(largest)
}

describe('--sweep', () => {
  test('calibrates, walks five shares of it, names the knee, ranks the closed loop, and has nothing to go on with', async () => {
    const folder = project({ 'sqlatency.config.ts': "export default { sweep: true, arrivals: 'constant' }" })
    const args = [...words('run --backend null,better-sqlite3 --rounds 1 --duration 20ms'), ...small]
    const { code, stdout } = await sqlatency(folder, args)
    expect(code).toBe(0)
    expect(stdout).toMatch(/: (no )?knee /)
    const [calibrated, ...loads] = measuredCells(folder).filter(({ backend }) => backend !== 'null')
    expect(calibrated!.load).toEqual({ kind: 'closed', callers: 1 })
    expect(loads.map(({ load }) => load)).toEqual(
      [0.1, 0.3, 0.5, 0.7, 0.9].map((share) => ({
        kind: 'open',
        ratePerSecond: share * calibrated!.estimates.operationsPerSecond,
        arrivals: 'constant',
        concurrency: 1024,
      })),
    )
    expect(new Set(loads.map(({ rounds }) => rounds[0]!.samples)).size).toBe(5)
    const report = readFileSync(join(folder, 'results', 'latest', 'report.md'), 'utf8')
    expect(report.match(/^\| SQLite in process \| \d+ %/gm)).toHaveLength(5)

    const before = measuredCells(folder)
    const again = await sqlatency(folder, ['run', '--resume', 'latest'])
    expect(again.code).toBe(0)
    expect(measuredCells(folder).map(({ load, rounds }) => [load, rounds])).toEqual(
      before.map(({ load, rounds }) => [load, rounds]),
    )
  })
})

test('--concurrency without a rate: that many callers, and one sentence where a connection has one', async () => {
  const folder = project()
  const { code, stdout } = await sqlatency(folder, [
    ...words('run --backend better-sqlite3,postgres-local --rounds 1 --duration 30ms --concurrency 4'),
    ...small,
  ])
  expect(code).toBe(0)
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain('so one connection has one caller.')
  expect(stdout).toContain('4 callers in a closed loop.')
  const { cells } = loadRun(join(folder, 'results'), 'latest').run
  expect(cells.map(({ backend, outcome, load }) => [backend, outcome, load])).toEqual([
    ['better-sqlite3', 'skipped', { kind: 'closed', callers: 4 }],
    ['postgres-local', 'measured', { kind: 'closed', callers: 4 }],
  ])
})
