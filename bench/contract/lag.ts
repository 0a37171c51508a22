import type { Trouble } from './run.ts'

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
      /** Null where the phase at rest gave up, and where no read was answered by a replica. */
      readonly ownWrites: OwnWrites | null
      /** Absent where there is one replica and every poll is answered by it. */
      readonly servedBy?: ServedBy
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
  /** Every marker in time order, for drawing: one list a run that was merged. Null in runs from before it was kept. */
  readonly traces: readonly MarkerTrace[] | null
  readonly samples: string
}

/** Who answered the polls, where the backend chooses a copy for each of them. */
export interface ServedBy {
  /** By name. */
  readonly replicas: readonly { readonly name: string; readonly polls: number }[]
  /** Polls that the primary answered. They say nothing of a replica, and no other figure counts them. */
  readonly primaryPolls: number
}

/** The markers of one phase, a column each quantity. Both ends count from the acknowledgement of the marker's write. */
export interface MarkerTrace {
  /** When the write was sent, from the first of the phase. */
  readonly sentNs: readonly number[]
  /** Null: left-censored, the first poll saw it. */
  readonly lowerNs: readonly (number | null)[]
  /** Null: right-censored, it was not seen in time. */
  readonly upperNs: readonly (number | null)[]
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
  /** Reads that a replica answered, where the backend chooses a copy for each of them. */
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
