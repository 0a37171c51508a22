import { inventedComparison } from '../../../reports/testing/fixture.ts'
import type { BackendFacts, Distance, LagCell, Law, MeasuredCell, Round, Run } from '../../contract/index.ts'
import { estimate } from '../estimates.ts'

const template = inventedComparison({ caveats: 'none', gaps: false }).run
const [plain] = template.backends
const round = template.cells.find((cell) => cell.outcome === 'measured')!.rounds[0]!
const emulated = template.backends.find(({ distance }) => distance !== null)!.distance!
const lagged = template.lag.find((cell) => cell.outcome === 'measured')!

/** Rounds that scatter by half a percent around a median. */
export const around = (ns: number, rounds = 8): number[] =>
  Array.from({ length: rounds }, (_, n) => ns * (1 + (n - (rounds - 1) / 2) / 1000))

/** A backend where nothing lies in between: in process unless something else is said. */
export function backendOf(id: string, changes: Partial<BackendFacts> = {}): BackendFacts {
  const session = { durability: 'durable', settings: { journal_mode: 'wal' }, versions: {} } as const
  const here = { traits: [], reach: 'in-process', dialect: 'sqlite', servers: [], external: false } as const
  return { ...plain!, id, adapter: id, title: id, ...here, session, distance: null, ...changes }
}

export const emulatedMs = (ms: number): Distance => ({ ...emulated, requestedRttNs: ms * 1e6, measuredRttNs: ms * 1e6 })

export function cellOf(
  backend: string,
  scenario: string,
  medians: readonly number[],
  changes: Partial<Round> = {},
): MeasuredCell {
  const rounds = medians.map((p50Ns, repetition): Round => ({
    ...round,
    repetition,
    p50Ns,
    operations: 500,
    measuredNs: 500 * p50Ns,
    durability: null,
    ...changes,
  }))
  return {
    backend,
    scenario,
    load: { kind: 'closed', callers: 1 },
    outcome: 'measured',
    rounds,
    estimates: estimate(
      rounds,
      medians.map((ns) => new Float64Array(500).fill(ns)),
    ),
  }
}

/** Every write shows `ms` after its acknowledgement, give or take a fifth. */
export function lagOf(backend: string, ms: number, markers = 200): LagCell {
  const p50 = { lowerNs: ms * 0.8e6, pointNs: ms * 1e6, upperNs: ms * 1.2e6 }
  return { ...lagged, backend, markers, ackToVisible: { p50, p95: null, p99: null, maxUpperNs: null } } as LagCell
}

export function lawOf(backend: string, scenario: string, k: number): Law {
  const roundTrips = { value: k, low: k - 0.01, high: k + 0.01 }
  return { backend, scenario, outcome: 'fitted', roundTrips, baseNs: 1e5, fitError: 0, leftOutError: null, points: [] }
}

export function runOf(backends: readonly BackendFacts[], parts: Partial<Run> & { laws?: readonly Law[] }): Run {
  const { laws, ...changes } = parts
  const distance = laws === undefined ? null : { laws, crossings: [], emulators: [], untrue: [] }
  return { ...template, backends, cells: [], lag: [], distance, ...changes }
}
