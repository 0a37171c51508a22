import type { Estimate, Quantile } from './run.ts'

export type Arrivals = 'poisson' | 'constant'

/** How operations reach a database. One cell has one load, and figures of different loads are never ranked together. */
export type Load =
  /** Callers who ask, wait for the answer and ask again. */
  | { readonly kind: 'closed'; readonly callers: number }
  /** Operations that arrive by a timetable, whether or not the database keeps up. */
  | {
      readonly kind: 'open'
      readonly ratePerSecond: number
      readonly arrivals: Arrivals
      /** Operations that may be under way at once; a sync session takes one. */
      readonly concurrency: number
    }

/** What a plan asks for. A sweep measures a closed loop first, and then these shares of what it found as open loops. */
export type PlannedLoad =
  | Load
  | {
      readonly kind: 'sweep'
      readonly shares: readonly number[]
      readonly arrivals: Arrivals
      readonly concurrency: number
    }

/** One caller in a closed loop: what is measured unless something else is asked for. */
export const ONE_CALLER: Load = { kind: 'closed', callers: 1 }

/** The same for equal loads alone; also the name of a folder. */
export function loadKey(load: Load): string {
  switch (load.kind) {
    case 'closed':
      return `closed-${load.callers}`
    case 'open':
      return `open-${load.ratePerSecond}-${load.arrivals}-${load.concurrency}`
  }
}

/** A quantile of which `atLeast` says that it is a lower bound: it falls among operations that were never issued. */
export interface BoundedQuantile extends Quantile {
  readonly atLeast: boolean
}

/** What an open loop adds to a round. Times of a round count from its start. */
export interface OpenRound {
  /** Operations of the timetable. */
  readonly offered: number
  /** Length of the timetable. */
  readonly timetableNs: number
  /** Until then operations were issued; those left had waited from their intended time on. */
  readonly endOfRunNs: number
  readonly offeredPerSecond: number
  readonly achievedPerSecond: number
  /** Operations of the timetable that were never issued. They count in the response time, as at least what they had waited. */
  readonly unissued: number
  /** Operations that were due and not done when the timetable ended. */
  readonly backlog: number
  readonly saturated: boolean
  /** From the intended time to the end: p50, p99, largest. */
  readonly response: readonly BoundedQuantile[]
  /** From the intended time to the start. */
  readonly wait: readonly Quantile[]
  /** The part of the wait that the dispatcher itself caused, and no busy database. */
  readonly lateness: readonly Quantile[]
  /** Raw waits of the operations in `samples`, in the same order. Response time is the sum of the two. */
  readonly waits: string
  /** From one intended time to the next: of the same operations, and then of those that were never issued. */
  readonly arrivals: string
}

/** What an open loop adds to the estimates of a cell. */
export interface ResponseEstimates {
  readonly offered: number
  readonly unissued: number
  readonly backlog: number
  readonly offeredPerSecond: number
  readonly achievedPerSecond: number
  /** Most rounds were. */
  readonly saturated: boolean
  /** Hodges-Lehmann over the rounds' medians; null when one of them is known as a lower bound only. */
  readonly p50: Estimate | null
  /** Pooled over all operations, those that were never issued among them. */
  readonly quantiles: readonly BoundedQuantile[]
  readonly max: BoundedQuantile
  readonly wait: readonly Quantile[]
  /** Of the rounds: the middle p50, the largest p99 (null: too few operations), the largest of all. */
  readonly lateness: { readonly p50Ns: number; readonly p99Ns: number | null; readonly maxNs: number }
}
