import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inventedComparison } from '../../reports/testing/fixture.ts'
import type { Caveat, DriverFacts, MeasuredCell, Round, Run, SessionFacts } from '../contract/index.ts'
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

  test('undeclared is a class of its own: it shares no rank with durable or relaxed, whichever is asked for', () => {
    const cells = [
      cellOf('durable', 'write', steady(1000)),
      cellOf('relaxed', 'write', { ...steady(1000), durability: 'relaxed' }),
      cellOf('unknown', 'write', { ...steady(1000), durability: 'undeclared' }),
    ]
    for (const durability of ['durable', 'relaxed'] as const) {
      const { rows } = compare(runOf(cells, { plan: { ...template.plan, durability } })).rankings[0]!
      expect(rows.filter((row) => row.rank !== null).map((row) => row.backend.id)).toEqual([durability])
    }
  })

  test('whatever classes meet, only one of them has ranks', () => {
    const classes = fc.constantFrom('durable', 'relaxed', 'undeclared')
    fc.assert(
      fc.property(
        fc.array(classes, { minLength: 1, maxLength: 6 }),
        fc.constantFrom('durable', 'relaxed'),
        (of, plan) => {
          const cells = of.map((durability, n) => cellOf(`b${n}`, 'write', { ...steady(1000 + n), durability }))
          const { rows } = compare(runOf(cells, { plan: { ...template.plan, durability: plan } })).rankings[0]!
          const ranked = rows.filter((row) => row.rank !== null).map((row) => of[Number(row.backend.id.slice(1))])
          expect(new Set(ranked).size).toBe(1)
          if (of.includes(plan)) expect(ranked[0]).toBe(plan)
        },
      ),
      { numRuns: 50 },
    )
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
/** Eight rounds of one machine, then eight of another, at these multiples. */
const alternating = (first: number, second: number): number[] =>
  Array.from({ length: 16 }, (_, n) => 1e5 * (n < 8 ? first : second) * (1 + (n % 8) / 1000))

/** As merged from runs of so many rounds each. */
const merged = (cell: MeasuredCell, rounds = 8, changes: Partial<Run> = {}): Run => {
  const run = runOf([cell])
  const { host, placement, clock } = run
  const sources = Array.from({ length: cell.rounds.length / rounds }, (_, n) => ({
    id: `source-${n}`,
    region: null,
    startedAt: run.startedAt,
    host,
    placement,
    clock,
    repetitions: { first: n * rounds, end: (n + 1) * rounds },
  }))
  return { ...run, sources, ...changes }
}

describe('machines of a merged run', () => {
  const differ = (medians: readonly number[], rounds: number): boolean =>
    ids(merged(cellOf('a', 'read', { medians }), rounds)).has('HOSTS_DIFFER')

  test('differ when their intervals do not touch, by 3 % at least', () => {
    expect(differ(alternating(1, 1.04), 8)).toBe(true)
    expect(differ(alternating(1.04, 1), 8)).toBe(true)
    expect(differ(alternating(1, 1.02), 8)).toBe(false)
    const noisy = [1, 1.3, 1.1, 1.2, 1.15, 1.05, 1.25, 1.1, 1.1, 1.4, 1.2, 1.3, 1.25, 1.15, 1.35, 1.2]
    expect(differ(noisy, 8)).toBe(false)
  })

  test('with few rounds, when they are further apart than the rounds of both', () => {
    expect(differ([100, 101, 150, 151], 2)).toBe(true)
    expect(differ([100, 110, 120, 130], 2)).toBe(false)
    expect(differ([100, 104, 114, 125], 2)).toBe(false)
    expect(differ([100, 200], 1)).toBe(false)
  })

  test('do not drift because one follows the other', () => {
    expect(ids(merged(cellOf('a', 'read', { medians: alternating(1, 1.5) })))).not.toContain('DRIFT')
    const within = [1e5, 1e5, 1e5, 1.2e5, 1.2e5, 1.2e5, 1.2e5, 1.2e5]
    expect(ids(merged(cellOf('a', 'read', { medians: [...within, ...within] })))).toContain('DRIFT')
  })

  test('are each asked for what only they know', () => {
    const run = merged(cellOf('a', 'read', { medians: alternating(1, 1) }))
    const second = (other: Partial<Run['sources'][number]>): Run => ({
      ...run,
      sources: run.sources.map((source, n) => (n === 1 ? { ...source, ...other } : source)),
    })
    expect(ids(second({ placement: { clientCpus: null, serverCpus: null } }))).toContain('UNPINNED')
    expect(ids(second({ clock: { name: 'slow', readNs: 9000 } }))).toContain('CLOCK_COARSE')
    const storage = { filesystem: 'tmpfs', fdatasyncP50Ns: 1 }
    expect(ids(second({ host: { ...run.host, storage } }))).toContain('VOLATILE_STORAGE')
  })

  test('each start a server of their own', () => {
    const server = { name: 'PostgreSQL', version: '18', cpus: [0] }
    const starts = (rounds: number) =>
      caveatsOf(
        change(merged(cellOf('a', 'read', { medians: alternating(1, 1) }), rounds), 'a', { servers: [server] }),
      ).find(({ id }) => id === 'SERVER_NOT_REPLICATED')
    expect(starts(8)).toMatchObject({ starts: 2 })
    expect(starts(2)).toBeUndefined()
  })
})

const sessionWith = (driver: DriverFacts) =>
  ({ durability: 'durable', settings: {}, versions: {}, driver }) satisfies SessionFacts

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
  const container = { image: 'postgres:18', imageId: 'sha256:0', road: 'port' } as const

  test.each<[Caveat['id'], () => Run]>([
    ['D1_LOCAL', () => change(runOf(clean()), 'a', { traits: ['simulator'] })],
    ['REPLICA_STALE', () => change(runOf(clean()), 'a', { traits: ['replica'] })],
    [
      'WRITE_FORWARDED',
      () => change(runOf([...clean(), cellOf('a', 'write', steady(1000))]), 'a', { traits: ['replica'] }),
    ],
    ['PREPARED_EVERY_CALL', () => change(runOf(clean()), 'a', { session: sessionWith({ preparesEveryCall: true }) })],
    ['RTT_EMULATED', () => change(runOf(clean()), 'a', { distance })],
    ['SAME_HOST', () => change(runOf(clean()), 'a', { reach: 'same-host' })],
    ['SERVER_NOT_REPLICATED', () => change(runOf(clean()), 'a', { servers: [server] })],
    ['SAME_HOST', () => change(runOf(clean()), 'a', { reach: 'network', servers: [server] })],
    ['IN_CONTAINER', () => change(runOf(clean()), 'a', { servers: [{ ...server, container }] })],
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
    [
      'NO_STEADY_STATE',
      () =>
        runOf([
          cellOf('a', 'read', {
            ...steady(1e5),
            driftRatio: 1.1,
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
    ['MERGED', () => merged(cellOf('a', 'read', { medians: alternating(1, 1) }))],
    ['HOSTS_DIFFER', () => merged(cellOf('a', 'read', { medians: alternating(1, 1.04) }))],
  ])('%s fires on its own condition, and on nothing else', (id, run) => {
    const fired = ids(run())
    expect(fired).toContain(id)
    const other: Caveat['id'][] =
      id === 'WRITE_FORWARDED'
        ? ['REPLICA_STALE']
        : id === 'REPLICA_STALE'
          ? []
          : id === 'DRIFT'
            ? ['NOISY']
            : id === 'HOSTS_DIFFER'
              ? ['MERGED']
              : id === 'IN_CONTAINER' || id === 'SERVER_NOT_REPLICATED' || id === 'SAME_HOST'
                ? ['SERVER_NOT_REPLICATED', 'SAME_HOST']
                : []
    for (const one of fired) expect([...always, id, ...other]).toContain(one)
  })

  test('a database that was given is not on this host for what the harness started before it', () => {
    expect(ids(change(runOf(clean()), 'a', { servers: [server], external: true }))).not.toContain('SAME_HOST')
  })

  test('what a driver does otherwise is told of those alone that do', () => {
    const replicas = ['a', 'b'].reduce(
      (run, id) => change(run, id, { traits: ['replica'] }),
      runOf([...clean(), cellOf('a', 'write', steady(1e5)), cellOf('b', 'write', steady(1e5))]),
    )
    const driver = sessionWith({ readsDoNotSync: true, writeRoundTrips: 3 })
    const caveats = caveatsOf(change(replicas, 'a', { session: driver }))
    expect(caveats.find(({ id }) => id === 'REPLICA_STALE')).toMatchObject({ backends: ['a', 'b'], unsynced: ['a'] })
    expect(caveats.find(({ id }) => id === 'WRITE_FORWARDED')).toMatchObject({ roundTrips: { a: 3 } })
    expect(ids(replicas)).not.toContain('PREPARED_EVERY_CALL')
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
