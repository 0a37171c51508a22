import type { Distance, Options, Reach, ServerFacts, SessionFacts, Trait } from './adapter.ts'
import type { DistanceStudy } from './distance.ts'
import type { K6Study } from './k6.ts'
import type { LagCell } from './lag.ts'
import type { Load, PlannedLoad, ResponseEstimates } from './load.ts'
import type { Round } from './round.ts'
import type { ScenarioKind, Start, Work } from './scenario.ts'
import type { Dialect } from './sql.ts'

/**
 * What a run leaves behind. Every duration is nanoseconds in a field that ends in `Ns`.
 * Published as reports/run.schema.json; `schema` counts up when a reader of the old form would be misled.
 */
export interface Run {
  readonly schema: 1
  readonly id: string
  readonly startedAt: string
  readonly finishedAt: string | null
  /** `partial`: a backend is missing or failed. `interrupted`: stopped before the plan was done; `--resume` goes on. */
  readonly status: 'running' | 'complete' | 'partial' | 'interrupted'
  readonly harness: { readonly version: string; readonly commit: string | null }
  /** Where it was started: a project's checkout, with `+changes` where there were some. Null: no checkout, or nobody looked. */
  readonly project: { readonly commit: string } | null
  readonly plan: Plan
  readonly seed: number
  /** Where it was measured, as its user named it. Figures of different regions are never pooled. Null: nobody said. */
  readonly region: string | null
  /** What a merged run was made of; empty for one that was measured. */
  readonly sources: readonly Source[]
  /** Of a merged run: host, placement and clock of its first source. */
  readonly host: HostFacts
  readonly placement: Placement
  readonly clock: ClockFacts
  readonly datasets: readonly DatasetFacts[]
  readonly scenarios: readonly ScenarioFacts[]
  readonly backends: readonly BackendFacts[]
  readonly cells: readonly Cell[]
  readonly lag: readonly LagCell[]
  readonly repeated: Repeated
  /** Null where no backend was moved away. Derived from the cells, as estimates are. */
  readonly distance: DistanceStudy | null
  /** Seen through HTTP; null where nobody looked from there. */
  readonly k6: K6Study | null
  /** Wall time by stage, nanoseconds. `measure` is the time in which a clock was running. */
  readonly spentNs: Readonly<Record<'setUp' | 'verify' | 'rounds' | 'measure' | 'lag' | 'analyze', number>>
}

/** A measured run within a merged one, with what was its own: the machine. */
export interface Source {
  readonly id: string
  readonly region: string | null
  readonly startedAt: string
  readonly host: HostFacts
  readonly placement: Placement
  readonly clock: ClockFacts
  /** Its rounds are those of the repetitions from `first` until before `end`: no repetition holds two machines. */
  readonly repetitions: { readonly first: number; readonly end: number }
}

/** What was asked for. Names the budget, so that a reader can judge and repeat it. */
export interface Plan {
  readonly name: string
  readonly rounds: number
  /** Time a round measures. */
  readonly roundNs: number
  /** Time a round warms up at least. */
  readonly warmUpNs: number
  /** Time a round warms up at most: as long as it is not steady, the time is doubled. */
  readonly warmUpMostNs: number
  readonly scale: number
  /** Lag markers a replicating backend; 0 for none. */
  readonly lagMarkers: number
  /** Writes at the primary while markers are watched for the second time; 0 for no second time. */
  readonly lagWritesPerSecond: number
  /** Questions whose answers are compared, a scenario. */
  readonly verifySamples: number
  readonly durability: 'durable' | 'relaxed'
  /** Rounds that may be added to measure contended ones again, as a share of the plan. */
  readonly repeatShare: number
  readonly load: PlannedLoad
  /** Distances at which every backend that can be moved is measured too, above 0. */
  readonly rttsNs: readonly number[]
}

export interface HostFacts {
  readonly os: string
  readonly kernel: string
  readonly arch: string
  readonly cpu: string
  readonly cores: number
  readonly memoryBytes: number
  readonly node: string
  readonly virtualization: string
  /** Where the databases' files lie. */
  readonly storage: { readonly filesystem: string; readonly fdatasyncP50Ns: number | null }
}

/** Which processors the clients and the servers of a run were pinned to. Null: not pinned. */
export interface Placement {
  readonly clientCpus: readonly number[] | null
  readonly serverCpus: readonly number[] | null
}

export interface ClockFacts {
  readonly name: string
  /** Median of two readings in a row. Never subtracted from anything. */
  readonly readNs: number
}

export interface DatasetFacts {
  readonly id: string
  readonly title: string
  /** SHA-256 over the definitions and every seeded value, first 16 hex digits. */
  readonly hash: string
  readonly tables: readonly { readonly name: string; readonly rows: number }[]
}

export interface ScenarioFacts {
  readonly id: string
  readonly title: string
  readonly why: string
  readonly kind: ScenarioKind
  readonly shape: Work['shape']
  readonly start: Start
  readonly dataset: string
  readonly statements: Readonly<Record<Dialect, readonly string[]>>
  /** Of the canonical answers that all backends agreed on, first 16 hex digits; null when nothing was compared. */
  readonly answers: string | null
}

export interface BackendFacts {
  /** Unique in the run, for example `postgres-remote`. */
  readonly id: string
  readonly title: string
  readonly adapter: string
  readonly dialect: Dialect
  readonly reach: Reach
  readonly traits: readonly Trait[]
  /** Secrets are shown as `***`. */
  readonly options: Options
  readonly distance: Distance | null
  /** The backend whose database this is, seen from further away; null for one that stands for itself. */
  readonly movedFrom: string | null
  readonly servers: readonly ServerFacts[]
  readonly external: boolean
  /** Median time of TCP handshakes with a database that was there before; null where nobody measured it. */
  readonly roundTripNs: number | null
  /** Read back from a live session; null when none could be had. */
  readonly session: SessionFacts | null
}

/** Where trouble happened. */
export type Stage = 'provision' | 'connect' | 'seed' | 'verify' | 'warm-up' | 'measure' | 'lag' | 'store'

export interface Trouble {
  readonly stage: Stage
  readonly code: string
  readonly message: string
  readonly remedy: string
}

export type Cell = {
  readonly backend: string
  readonly scenario: string
  readonly load: Load
} & (
  | {
      readonly outcome: 'measured'
      readonly rounds: readonly Round[]
      readonly estimates: Estimates
    }
  | { readonly outcome: 'skipped'; readonly reason: string }
  | ({ readonly outcome: 'failed'; readonly rounds: readonly Round[] } & Trouble)
  /** Not all rounds were run yet, or the run was stopped. */
  | { readonly outcome: 'pending'; readonly rounds: readonly Round[] }
)

/**
 * Rounds that were measured again, because in their repetition of their scenario a thread had waited for a processor.
 * All backends of that repetition are measured again, so that pairs stay pairs. These rounds are in no estimate.
 */
export interface Repeated {
  /** The most rounds that may be added to the plan. */
  readonly limit: number
  /** Whether contended rounds were left as they are because of it. */
  readonly limitReached: boolean
  readonly rounds: readonly {
    readonly backend: string
    readonly scenario: string
    readonly load: Load
    /** Whether it was this one that waited. */
    readonly contended: boolean
    readonly round: Round
  }[]
}

/** A figure with its interval. `null` bounds: too few rounds for one. */
export interface Estimate {
  readonly valueNs: number
  readonly lowNs: number | null
  readonly highNs: number | null
}

/** A quantile of all operations of a cell; `ns` is null when they are too few to say. */
export interface Quantile {
  readonly p: number
  readonly ns: number | null
}

export interface Estimates {
  readonly operations: number
  readonly rounds: number
  readonly errors: number
  /** Hodges-Lehmann over the rounds' medians, with the exact 95 % signed-rank interval. */
  readonly p50: Estimate
  /** Pooled over all operations: .05 .25 .5 .75 .9 .95 .99 .999 .9999. */
  readonly quantiles: readonly Quantile[]
  /** Of a cold start, in time order: the nth operation of each round, as `p50` is the median of each. Else empty. */
  readonly opening: readonly { readonly nth: number; readonly estimate: Estimate }[]
  readonly meanNs: number
  readonly minNs: number
  readonly maxNs: number
  readonly operationsPerSecond: number
  /** Largest over smallest median of a round, less 1. */
  readonly roundSpread: number
  /** Half-open bins of equal width in log10, 24 a decade: `firstBin / 24` is log10 of the first bin's lower edge in ns. */
  readonly histogram: { readonly firstBin: number; readonly counts: readonly number[] }
  /**
   * How latencies went over time, round by round, for drawing. Null where operations overlapped, so that their order is no
   * time, and in runs from before it was kept.
   */
  readonly timeline: readonly RoundTimeline[] | null
  /** Null for a closed loop, which only knows service time. */
  readonly response: ResponseEstimates | null
}

/** One round in slices of equal time. Between two rounds lies time that nobody measured. */
export interface RoundTimeline {
  readonly repetition: number
  /** Time of a slice, counted while the clock ran: pauses and operations that failed are not in it. */
  readonly sliceNs: number
  /** Operations by the slice in which they began, in time order. Bins as in `histogram`, but 12 a decade. */
  readonly slices: readonly { readonly firstBin: number; readonly counts: readonly number[] }[]
}
