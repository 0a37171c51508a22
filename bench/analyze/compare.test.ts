import { describe, expect, test } from 'vitest'
import { inventedComparison } from '../../reports/testing/fixture.ts'
import type { Caveat, MeasuredCell, Round, Run } from '../contract/index.ts'
import { caveatsOf, LIMITS, rowCaveats } from './caveats.ts'
import { compare, pairedRatio } from './compare.ts'
import { estimate } from './estimates.ts'

const template = inventedComparison({ caveats: 'none', gaps: false, lag: false, withNull: false }).run

type Shape = Parameters<typeof cellOf>[2]

/** A measured cell whose rounds have these medians; everything about it follows from them. */
function cellOf(
  backend: string,
  scenario: string,
  { medians, ...changes }: { medians: readonly number[] } & Partial<Round>,
): MeasuredCell {
  const model = template.cells.find((cell) => cell.outcome === 'measured')!.rounds[0]!
  const rounds = medians.map((p50Ns, repetition): Round => ({
    ...model,
    repetition,
    p50Ns,
    operations: 2000,
    measuredNs: 1e9,
    durability: 'durable',
    errors: [],
    witnesses: { ...model.witnesses, runqueueWaitNs: 0 },
    ...changes,
  }))
  const samples = medians.map((ns) => new Float64Array(2000).fill(ns))
  return {
    backend,
    scenario,
    load: { kind: 'closed', callers: 1 },
    outcome: 'measured',
    rounds,
    estimates: estimate(rounds, samples),
  }
}

/** A run of these cells: backends are in-process, pinned, on a real disk and without traits, so that no rule fires by itself. */
function runOf(cells: readonly MeasuredCell[], changes: Partial<Run> = {}): Run {
  const ids = [...new Set(cells.map((cell) => cell.backend))]
  const scenarioIds = [...new Set(cells.map((cell) => cell.scenario))]
  const backend = template.backends[0]!
  const scenario = template.scenarios[0]!
  return {
    ...template,
    cells,
    lag: [],
    clock: { name: 'test', readNs: 1 },
    placement: { clientCpus: [1], serverCpus: [0] },
    host: { ...template.host, storage: { filesystem: 'ext4', fdatasyncP50Ns: 1e5 } },
    backends: ids.map((id) => ({
      ...backend,
      id,
      traits: [],
      reach: 'in-process',
      distance: null,
      servers: [],
      external: false,
    })),
    scenarios: scenarioIds.map((id) => ({ ...scenario, id, kind: id === 'write' ? 'write' : 'read' })),
    ...changes,
  }
}

const steady = (ns: number, rounds = 8): Shape => ({
  medians: Array.from({ length: rounds }, (_, n) => ns * (1 + n / 1000)),
})

describe('ranking', () => {
  test('fastest first; overlapping intervals share a rank, and the next rank counts everybody before it', () => {
    const noisy = { medians: [980, 1040, 1010, 1005, 990, 1030, 1000, 1020] }
    const run = runOf([
      cellOf('slow', 'read', steady(5000)),
      cellOf('a', 'read', steady(1000)),
      cellOf('b', 'read', noisy),
    ])
    const [ranking] = compare(run).rankings
    expect(ranking!.rows.map((row) => [row.backend.id, row.rank])).toEqual([
      ['a', 1],
      ['b', 1],
      ['slow', 3],
    ])
  })

  test('the same figures twice: no difference, one rank', () => {
    const run = runOf([cellOf('a', 'read', steady(1000)), cellOf('b', 'read', steady(1000))])
    const rows = compare(run).rankings[0]!.rows
    expect(rows.map((row) => row.rank)).toEqual([1, 1])
    expect(rows[1]!.ratio.value).toBeCloseTo(1, 9)
  })

  test('writes are ranked within the class that was asked for; another class has no rank, however fast', () => {
    const run = runOf([
      cellOf('durable', 'write', steady(1000)),
      cellOf('relaxed', 'write', { ...steady(100), durability: 'relaxed' }),
      cellOf('durable-too', 'write', steady(3000)),
    ])
    const rows = compare(run).rankings[0]!.rows
    expect(rows.map((row) => [row.backend.id, row.rank])).toEqual([
      ['relaxed', null],
      ['durable', 1],
      ['durable-too', 2],
    ])
    expect(rows[1]!.ratio.value).toBe(1)
  })

  test('the null backend is not ranked', () => {
    const run = runOf([cellOf('nothing', 'read', steady(30)), cellOf('a', 'read', steady(1000))])
    const backends = run.backends.map((backend) =>
      backend.id === 'nothing' ? { ...backend, traits: ['null' as const] } : backend,
    )
    expect(compare({ ...run, backends }).rankings[0]!.rows.map((row) => row.backend.id)).toEqual(['a'])
  })

  test('a ratio pairs the rounds of one repetition: a disturbance of both sides cancels', () => {
    const waves = [1000, 3000, 1500, 2000, 900, 1200, 5000, 1100]
    const a = cellOf('a', 'read', { medians: waves })
    const b = cellOf('b', 'read', { medians: waves.map((ns) => ns * 2) })
    const { value, low, high } = pairedRatio(b, a)
    expect(value).toBeCloseTo(2, 9)
    expect(low).toBeCloseTo(2, 9)
    expect(high).toBeCloseTo(2, 9)
  })
})

const ids = (run: Run): Set<Caveat['id']> => new Set(caveatsOf(run).map((caveat) => caveat.id))

const clean = (): MeasuredCell[] => [cellOf('a', 'read', steady(100_000)), cellOf('b', 'read', steady(200_000))]

const change = (run: Run, id: string, to: Partial<Run['backends'][number]>): Run => ({
  ...run,
  backends: run.backends.map((backend) => (backend.id === id ? { ...backend, ...to } : backend)),
})
describe('caveats', () => {
  const always: Caveat['id'][] = ['WARM_CACHE', 'CLOSED_LOOP', 'TAIL_TOO_FEW']

  test('a clean run has only those that every run has', () => {
    const many = clean().map((cell) => ({ ...cell, estimates: { ...cell.estimates, quantiles: [{ p: 0.99, ns: 1 }] } }))
    expect(ids(runOf(many))).toEqual(new Set(['WARM_CACHE', 'CLOSED_LOOP']))
  })

  const distance = {
    emulator: 'relay',
    requestedRttNs: 4e7,
    measuredRttNs: 4.1e7,
    directRttNs: 4e4,
    jitterNs: 0,
    bandwidthBytesPerSecond: null,
    echoes: 25,
    untrue: ['no-loss'],
  } as const
  const server = { name: 'PostgreSQL', version: '18', cpus: [0] }

  test.each<[Caveat['id'], () => Run]>([
    ['D1_LOCAL', () => change(runOf(clean()), 'a', { traits: ['simulator'] })],
    ['REPLICA_STALE', () => change(runOf(clean()), 'a', { traits: ['replica'] })],
    [
      'WRITE_FORWARDED',
      () => change(runOf([...clean(), cellOf('a', 'write', steady(1000))]), 'a', { traits: ['replica'] }),
    ],
    ['RTT_EMULATED', () => change(runOf(clean()), 'a', { distance })],
    ['SAME_HOST', () => change(runOf(clean()), 'a', { reach: 'same-host' })],
    ['SERVER_NOT_REPLICATED', () => change(runOf(clean()), 'a', { servers: [server] })],
    [
      'DURABILITY_DIFFERS',
      () => runOf([cellOf('a', 'write', steady(1e5)), cellOf('b', 'write', { ...steady(1e5), durability: 'relaxed' })]),
    ],
    ['NO_INTERVAL', () => runOf([cellOf('a', 'read', steady(1e5, 5))])],
    ['NOISY', () => runOf([cellOf('a', 'read', { medians: [1e5, 1.06e5, 1e5, 1e5, 1e5, 1e5] })])],
    [
      'CONTENDED',
      () =>
        runOf([
          cellOf('a', 'read', {
            ...steady(1e5),
            witnesses: { ...clean()[0]!.rounds[0]!.witnesses, runqueueWaitNs: 2.1e7 },
          }),
        ]),
    ],
    ['DRIFT', () => runOf([cellOf('a', 'read', { medians: [1e5, 1e5, 1.01e5, 1.02e5, 1.15e5, 1.16e5] })])],
    ['CLOCK_COARSE', () => runOf(clean(), { clock: { name: 'test', readNs: 6000 } })],
    ['ERRORS', () => runOf([cellOf('a', 'read', { ...steady(1e5), errors: [{ code: 'SQLITE_BUSY', count: 2 }] })])],
    ['UNPINNED', () => runOf(clean(), { placement: { clientCpus: null, serverCpus: null } })],
    [
      'VOLATILE_STORAGE',
      () => runOf(clean(), { host: { ...template.host, storage: { filesystem: 'tmpfs', fdatasyncP50Ns: 1 } } }),
    ],
  ])('%s fires on its own condition, and on nothing else', (id, run) => {
    const fired = ids(run())
    expect(fired).toContain(id)
    const other: Caveat['id'][] =
      id === 'WRITE_FORWARDED' ? ['REPLICA_STALE'] : id === 'REPLICA_STALE' ? [] : id === 'DRIFT' ? ['NOISY'] : []
    for (const one of fired) expect([...always, id, ...other]).toContain(one)
  })

  test('noise is judged where the work was done: five percent in process, ten over a network', () => {
    const medians = [1e5, 1.08e5, 1e5, 1e5, 1e5, 1e5]
    expect(ids(runOf([cellOf('a', 'read', { medians })]))).toContain('NOISY')
    expect(ids(change(runOf([cellOf('a', 'read', { medians })]), 'a', { reach: 'network' }))).not.toContain('NOISY')
    expect(LIMITS.spreadInProcess).toBeLessThan(LIMITS.spreadElsewhere)
  })

  test('a row carries the caveats that concern it and no others', () => {
    const run = change(runOf([...clean(), cellOf('a', 'write', steady(1e5))]), 'a', { traits: ['replica'], distance })
    const caveats = caveatsOf(run)
    expect(rowCaveats(caveats, 'a', 'write')).toEqual(
      expect.arrayContaining(['RTT_EMULATED', 'REPLICA_STALE', 'WRITE_FORWARDED']),
    )
    expect(rowCaveats(caveats, 'a', 'read')).not.toContain('WRITE_FORWARDED')
    expect(rowCaveats(caveats, 'b', 'read')).not.toContain('RTT_EMULATED')
  })
})
