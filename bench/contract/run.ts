import type { Distance, Durability, Options, Reach, ServerFacts, SessionFacts, Trait } from './adapter.ts'
import type { DistanceStudy } from './distance.ts'
import type { Load, OpenRound, PlannedLoad, ResponseEstimates } from './load.ts'
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

/** One fresh process: connect, warm up, measure; a cold start without the warm-up. */
export interface Round {
  readonly repetition: number
  /** Its place in the shuffled order of the repetition, from 0. */
  readonly order: number
  readonly startedAt: string
  readonly connectNs: number
  readonly warmUp: WarmUp
  readonly operations: number
  /** Time from the first to the last reading of the clock. */
  readonly measuredNs: number
  readonly p50Ns: number
  readonly p99Ns: number | null
  /** Median of the last third of the operations over that of the first; null where they are too few. */
  readonly driftRatio: number | null
  readonly maxNs: number
  /** Operations that threw. They are not among `operations` and have no latency. */
  readonly errors: readonly { readonly code: string; readonly count: number }[]
  /** Raw latencies in time order, relative to the run's folder. */
  readonly samples: string
  /** Read back in this round's own session; null for scenarios that only read. */
  readonly durability: Durability | null
  readonly slow: Slow
  readonly witnesses: Witnesses
  /** Null for a closed loop. */
  readonly open: OpenRound | null
}

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

/** What came before the first operation that counts. */
export interface WarmUp {
  readonly operations: number
  readonly durationNs: number
  /** Time from the first operation of this process to its steady state, by MSER-5; null unless `steady`. */
  readonly transientNs: number | null
  /**
   * Whether the steady state began before the measurement did, and lasted: judged on warm-up and measurement together.
   * Null: too few operations to tell, or no warm-up was wanted.
   */
  readonly steady: boolean | null
}

/** What the machine did meanwhile. Null where this operating system does not tell. */
export interface Witnesses {
  /** Time that the measuring thread was ready to run and did not. */
  readonly runqueueWaitNs: number | null
  readonly involuntarySwitches: number
  readonly stealTicks: number | null
  readonly load1: number
  readonly gcCount: number
  readonly gcNs: number
  /**
   * How long the event loop was held: the longest time, and all of them. Null for a sync session, and for an async one
   * that never came back to it while it was measured.
   */
  readonly eventLoop: { readonly maxNs: number; readonly sumNs: number } | null
}

/** Operations far above the median of their round. They are in every figure; this says what happened beside them. */
export interface Slow {
  /** What counts as slow: so long and more. Null where a median of one operation says nothing. */
  readonly thresholdNs: number | null
  /** How many, by cause. */
  readonly counts: Readonly<Record<Cause, number>>
  /** The slowest of them, slowest first. */
  readonly worst: readonly {
    /** Place among the operations of the round, from 0. */
    readonly index: number
    /** From the start of the first operation. */
    readonly offsetNs: number
    readonly durationNs: number
    readonly cause: Cause
  }[]
}

/** `gc`: this process collected garbage. `runqueue`: its thread waited for a processor. `unexplained`: neither was seen. */
export type Cause = 'gc' | 'runqueue' | 'unexplained'

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
  /** Null for a closed loop, which only knows service time. */
  readonly response: ResponseEstimates | null
}

/** Replication lag by brackets: the truth of each marker lies in [lower, upper]. */
export type LagCell = { readonly backend: string } & (
  | { readonly outcome: 'none'; readonly reason: string }
  /** This machine lacks a part of the backend. */
  | { readonly outcome: 'skipped'; readonly reason: string }
  | ({ readonly outcome: 'failed' } & Trouble)
  /** Its own figures are those at rest: nothing but the markers was written. */
  | ({
      readonly outcome: 'measured'
      readonly mechanism: string
      /** Null where the plan asks for no writes, or where the phase at rest gave up. */
      readonly underLoad: (LagFigures & { readonly load: WriteLoad }) | null
      /** Null where the phase at rest gave up. */
      readonly ownWrites: OwnWrites | null
      readonly reads: {
        /** While nothing was written. */
        readonly quiet: ReadFigures
        /** While the replica applied the stated load; null without one. */
        readonly applying: ReadFigures | null
      }
    } & LagFigures)
)

/** What the markers of one phase showed. */
export interface LagFigures {
  readonly markers: number
  /** Seen by the first poll after the write was sent; only an upper bound is known. */
  readonly leftCensored: number
  /** Not seen before the time-out. */
  readonly rightCensored: number
  /** The phase ended before its last marker, because several in a row were not seen in time. */
  readonly gaveUp: boolean
  /** From the acknowledgement to the first sight: how long a client that knows of the write may read the old state. */
  readonly ackToVisible: LagEstimate
  /** From sending the write: what a user waits in all. */
  readonly sendToVisible: LagEstimate
  /** From the commit, which lies somewhere between sending and acknowledgement: the lag of the replica itself. */
  readonly commitToVisible: LagEstimate
  readonly pollP50Ns: number
  readonly pollsPerSecond: number
  readonly position: {
    readonly unit: 'frames' | 'bytes' | 'transactions'
    /** Markers whose first sight came at or after the position that the primary gave for their write. */
    readonly agreeing: number
    readonly compared: number
    readonly maxBehind: number
  } | null
  /** Markers that a read missed although it began after their acknowledgement: read-your-writes, broken for another client. */
  readonly missedAfterAck: number
  /** Reads that showed less than an earlier read of the same reader: a lower position, or a marker gone again. */
  readonly wentBack: number
  /** Polls in all. */
  readonly polls: number
  /** P(a read that starts t after the acknowledgement does not see the write). */
  readonly staleAfter: readonly { readonly tNs: number; readonly low: number; readonly high: number }[]
  readonly samples: string
}

/** Writes of another client at the primary: a timetable that does not wait for answers, one write in flight. */
export interface WriteLoad {
  readonly offeredPerSecond: number
  readonly achievedPerSecond: number
  readonly writes: number
  readonly failed: number
  readonly writeP50Ns: number
}

/** A session of the backend, as an application opens it, that reads each of its own writes at once. */
export interface OwnWrites {
  readonly probes: number
  /** Own writes that the next read of the same session did not see. */
  readonly missed: number
  /** That next read: where a session waits for its replica, here is the wait. */
  readonly nextReadP50Ns: number
}

/** Reads of a marker that has long been there, one after another, as the polls make them. */
export interface ReadFigures {
  readonly reads: number
  readonly p50Ns: number
  /** Null where the reads are too few. */
  readonly p99Ns: number | null
  readonly maxNs: number
}

/** Quantiles of the lower, point and upper values of all markers. */
export interface LagEstimate {
  /** Null where half of the markers were not seen in time. */
  readonly p50: Bracket | null
  /** Null where the markers are too few, or too many of them were not seen in time. */
  readonly p95: Bracket | null
  readonly p99: Bracket | null
  /** Null where a marker was not seen in time. */
  readonly maxUpperNs: number | null
}

export interface Bracket {
  readonly lowerNs: number
  readonly pointNs: number
  readonly upperNs: number
}
