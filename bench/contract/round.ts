import type { Durability } from './adapter.ts'
import type { OpenRound } from './load.ts'

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
  /**
   * A round trip over the distance by echoes of this round's own process, right before it measured. Null in a run that
   * measures no several distances, for a cold start, which it would warm up, and where it could not be asked.
   */
  readonly rttNs: number | null
  readonly slow: Slow
  readonly witnesses: Witnesses
  /** Null for a closed loop. */
  readonly open: OpenRound | null
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
