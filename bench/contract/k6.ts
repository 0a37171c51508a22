import type { Quantile, Trouble } from './run.ts'

/**
 * What k6 saw of backends from outside, through HTTP. A vantage point of its own: its figures hold k6, HTTP and the face, so they
 * are in no estimate, ranking or export of the figures that were measured in process.
 */
export interface K6Study {
  /** As k6 says it: `v2.2.0`. Null: it ran elsewhere, and its outputs were read by the machine of this run. */
  readonly version: string | null
  /** Arrivals, evenly spaced. */
  readonly ratePerSecond: number
  readonly durationNs: number
  readonly warmUpNs: number
  /** Virtual users, each with a connection: most requests under way. */
  readonly virtualUsers: number
  /** Processes of k6 that shared each load by execution segments and were started together. 1: one process had all of it. */
  readonly segments: number
  /** Most sessions of a server's database behind `sqlatency serve`. Null where k6 ran elsewhere. */
  readonly sessions: number | null
  readonly cells: readonly K6Cell[]
}

export interface K6Place {
  readonly backend: string
  /** Null: requests that do nothing, which is what k6, HTTP and the face take before any SQL. */
  readonly scenario: string | null
  /** `worker`: the backend is HTTP-shaped itself. `serve`: a face in this process stood in front of it. */
  readonly target: 'worker' | 'serve'
}

export type K6Cell = K6Place &
  (
    | ({ readonly outcome: 'measured' } & K6Figures)
    | { readonly outcome: 'skipped'; readonly reason: string }
    | ({ readonly outcome: 'failed' } & Trouble)
    | { readonly outcome: 'pending' }
  )

/** After the warm-up. Latency is k6's `http_req_duration`: sending, waiting and receiving, without connecting. */
export interface K6Figures {
  /** What the rate offers in this time. */
  readonly offered: number
  readonly answered: number
  /** Answers that say so, by their HTTP status, and requests without one, by k6's own code. They have no latency. */
  readonly errors: readonly { readonly code: string; readonly count: number }[]
  /** Never issued, because every virtual user was busy; also those of the warm-up. */
  readonly dropped: number
  /** Neither answered nor failed nor dropped by the end. */
  readonly unfinished: number
  /** Segments that died, counted from 1. What they asked counts as unfinished, also where it was answered. */
  readonly lost: readonly { readonly segment: number; readonly why: string }[]
  /** False where k6 dropped or did not finish some, or a segment died: answers are missing, so no percentile holds. */
  readonly valid: boolean
  readonly quantiles: readonly Quantile[]
  readonly minNs: number
  readonly maxNs: number
  /** File of all latencies in the order of their ends, as those of rounds. */
  readonly samples: string
}
