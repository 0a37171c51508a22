import type { Change } from './gate.ts'
import type { Ratio } from './report.ts'
import type { Estimate } from './run.ts'

/** Runs of one kind of machine over time. It informs and never decides: only interleaved sides may (docs/method.md). */
export interface History {
  /** Oldest first. */
  readonly runs: readonly HistoryRun[]
  /** Stored runs that are not among them. */
  readonly leftOut: { readonly otherMachine: number; readonly otherLoad: number; readonly unfinished: number }
  /** The backend that the others are held against, because it was measured in the same jobs; null where there is none. */
  readonly reference: string | null
  readonly series: readonly HistorySeries[]
  /** Where commits can be looked at, with `%s` for the hash; null: nowhere. */
  readonly commitUrl: string | null
}

export interface HistoryRun {
  readonly id: string
  readonly startedAt: string
  /** Of the project that was measured, or else of sqlatency's own checkout. */
  readonly commit: string | null
}

/** One backend in one scenario, in those runs that asked what the newest one asks. */
export interface HistorySeries {
  readonly backend: string
  readonly scenario: string
  /** Oldest first. */
  readonly points: readonly HistoryPoint[]
  readonly changes: readonly HistoryChange[]
}

export interface HistoryPoint {
  /** Index into the runs. */
  readonly run: number
  readonly p50: Estimate
  /** To the reference in the same run, from paired rounds; null without one, and for the reference itself. */
  readonly ratio: Ratio | null
}

/** From here on the ratio to the reference was another. */
export interface HistoryChange {
  /** Index into the runs: the first one that shows it. */
  readonly run: number
  /** Between the stretch before and the stretch after. */
  readonly change: Change
}
