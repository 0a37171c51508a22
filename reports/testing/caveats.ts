import type { BackendFacts, Caveat, CaveatId, CellName, MeasuredCell, Run } from '../../bench/contract/index.ts'
import type { Shape } from './shape.ts'

/** One caveat of every kind; `Record` makes a new id a type error here. */
export function everyCaveat(run: Run): readonly Caveat[] {
  const backends = run.backends.slice(0, 2).map((backend) => backend.id)
  const scenarios = run.scenarios.slice(-2).map((scenario) => scenario.id)
  const cells: CellName[] = run.cells.slice(0, 9).map(({ backend, scenario }) => ({ backend, scenario }))
  const all: { readonly [Id in CaveatId]: Extract<Caveat, { id: Id }> } = {
    D1_LOCAL: { id: 'D1_LOCAL', backends },
    REPLICA_STALE: { id: 'REPLICA_STALE', backends, unsynced: backends.slice(0, 1) },
    WRITE_FORWARDED: {
      id: 'WRITE_FORWARDED',
      backends,
      scenarios,
      roundTrips: Object.fromEntries(backends.slice(0, 1).map((id) => [id, 3])),
    },
    PREPARED_EVERY_CALL: { id: 'PREPARED_EVERY_CALL', backends },
    RTT_EMULATED: {
      id: 'RTT_EMULATED',
      backends,
      emulator: 'relay',
      requestedRttNs: 1e6,
      measuredRttNs: 1.02e6,
      untrue: ['connect-early', 'no-slow-start', 'no-loss', 'no-jitter', 'no-bandwidth-limit'],
    },
    AT_DISTANCE: {
      id: 'AT_DISTANCE',
      bases: backends,
      emulators: ['tun'],
      requestedRttsNs: [1e6, 60e6],
      rttOff: 0.083,
      untrue: ['no-loss'],
      measured: 48,
      rounds: 288,
      noisy: 24,
      noisiest: { ...cells[0]!, spread: 0.85 },
      noisyLimits: [0.05, 0.1],
      contendedRounds: 60,
      contendedLimit: 0.02,
      unsteady: 3,
      drifting: 5,
      apart: 2,
      errors: 17,
    },
    TAIL_TOO_FEW: { id: 'TAIL_TOO_FEW', cells },
    DURABILITY_DIFFERS: {
      id: 'DURABILITY_DIFFERS',
      scenarios,
      classes: Object.fromEntries(backends.map((id, n) => [id, n === 0 ? 'durable' : 'relaxed'])),
    },
    SAME_HOST: { id: 'SAME_HOST', backends },
    IN_CONTAINER: { id: 'IN_CONTAINER', backends, road: 'port' },
    WARM_CACHE: { id: 'WARM_CACHE' },
    CLOSED_LOOP: { id: 'CLOSED_LOOP', callers: [1] },
    SATURATED: {
      id: 'SATURATED',
      loads: cells.map((cell, n) => ({ ...cell, ratePerSecond: 1000 * (n + 1), ranked: n === 0 })),
      limit: 0.01,
    },
    CLOCK_COARSE: { id: 'CLOCK_COARSE', cells, readNs: 36 },
    NOISY: { id: 'NOISY', cells, limits: [0.05, 0.1] },
    CONTENDED: { id: 'CONTENDED', cells, limit: 0.02 },
    NO_STEADY_STATE: { id: 'NO_STEADY_STATE', cells, limit: 0.03 },
    DRIFT: { id: 'DRIFT', cells },
    ERRORS: { id: 'ERRORS', cells, errors: 17 },
    NO_INTERVAL: { id: 'NO_INTERVAL', rounds: 3, needed: 6 },
    UNPINNED: { id: 'UNPINNED' },
    VOLATILE_STORAGE: { id: 'VOLATILE_STORAGE', filesystem: 'tmpfs' },
    SERVER_NOT_REPLICATED: { id: 'SERVER_NOT_REPLICATED', backends, starts: 2 },
    MERGED: { id: 'MERGED', runs: 3, regions: ['eu-west', 'us-east'], differing: ['cpu', 'kernel'] },
    HOSTS_DIFFER: { id: 'HOSTS_DIFFER', cells, largest: 1.31 },
    ANSWERS_DIFFER: { id: 'ANSWERS_DIFFER', backends },
  }
  return Object.values(all)
}

export function caveatsOf(shape: Shape, run: Run): readonly Caveat[] {
  if (shape.caveats === 'none') return []
  if (shape.caveats === 'every') return everyCaveat(run)
  const having = (rule: (backend: BackendFacts) => boolean): string[] =>
    run.backends.filter(rule).map((backend) => backend.id)
  const simulators = having((backend) => backend.traits.includes('simulator'))
  const replicas = having((backend) => backend.traits.includes('replica'))
  const tail = run.cells.filter(
    (cell): cell is MeasuredCell =>
      cell.outcome === 'measured' &&
      cell.load.kind === 'closed' &&
      cell.estimates.quantiles.some(({ p, ns }) => p === 0.99 && ns === null),
  )
  return [
    ...(simulators.length > 0 ? [{ id: 'D1_LOCAL', backends: simulators } as const] : []),
    ...run.backends.flatMap(({ id, distance }) =>
      distance === null ? [] : [{ id: 'RTT_EMULATED', backends: [id], ...distance } as const],
    ),
    ...(replicas.length > 0 ? [{ id: 'REPLICA_STALE', backends: replicas, unsynced: [] } as const] : []),
    { id: 'SAME_HOST', backends: having((backend) => backend.reach === 'same-host') },
    { id: 'WARM_CACHE' },
    { id: 'CLOSED_LOOP', callers: [1] },
    ...(tail.length > 0
      ? [{ id: 'TAIL_TOO_FEW', cells: tail.map(({ backend, scenario }) => ({ backend, scenario })) } as const]
      : []),
  ]
}
