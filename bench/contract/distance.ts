import type { Emulator, Untruth } from './adapter.ts'
import type { Run } from './run.ts'

/** What distance does to every backend and scenario of a run that measured several: latency = a + k x RTT. */
export interface DistanceStudy {
  readonly laws: readonly Law[]
  readonly crossings: readonly Crossing[]
  /** How the distances were made, and in what they are untrue. */
  readonly emulators: readonly Emulator[]
  readonly untrue: readonly Untruth[]
}

/** The law of one backend in one scenario. */
export type Law = { readonly backend: string; readonly scenario: string } & (
  | {
      readonly outcome: 'fitted'
      /**
       * k: by how many round trips latency grows for each round trip of distance. 95 % interval over the repetitions; null
       * bounds: too few of them.
       */
      readonly roundTrips: { readonly value: number; readonly low: number | null; readonly high: number | null }
      /** a: what is left without any distance, as the near distances tell; without an interval. */
      readonly baseNs: number
      /** The largest part by which a measured distance lies beside the line. */
      readonly fitError: number
      /**
       * The largest part by which a distance that was left out of the fit is predicted wrong. Only distances between others
       * are asked: beyond them it would be extrapolation. Null: fewer than two are left to fit a line.
       */
      readonly leftOutError: number | null
      /** By rising distance. */
      readonly points: readonly LawPoint[]
    }
  /** In process, k is 0 because there is nothing to travel to: a statement by construction, measured once. */
  | { readonly outcome: 'constant'; readonly baseNs: number }
  /** `given`: a database that was there before has the distance that it has. `too-few`: not two distances were measured. */
  | { readonly outcome: 'none'; readonly reason: 'given' | 'too-few' }
)

export interface LawPoint {
  /** The backend that was measured: the base itself where nothing was put in between. */
  readonly backend: string
  /** 0 for the base. */
  readonly requestedRttNs: number
  /** Measured by echoes. */
  readonly rttNs: number
  readonly p50Ns: number
  /** 95 % interval of p50 over its rounds; null: too few of them. */
  readonly lowNs: number | null
  readonly highNs: number | null
  /** What the line through all distances says. */
  readonly fittedNs: number
  /** What the line through all other distances says; null at either end. */
  readonly predictedNs: number | null
}

/** Nearer than `rttNs` the one is faster, beyond it the other. Only where both lines were measured, and within one durability class. */
export interface Crossing {
  readonly scenario: string
  readonly fasterNear: string
  readonly fasterFar: string
  readonly rttNs: number
}

/**
 * A run without the backends that were moved away for the law: what is ranked and shown in every table but the law's own.
 * They are the same databases again, and would fill the rankings with distances that nobody asked to compare.
 */
export function withoutMoved(run: Run): Run {
  const moved = new Set(run.backends.filter(({ movedFrom }) => movedFrom !== null).map(({ id }) => id))
  if (moved.size === 0) return run
  return {
    ...run,
    backends: run.backends.filter(({ id }) => !moved.has(id)),
    cells: run.cells.filter(({ backend }) => !moved.has(backend)),
    lag: run.lag.filter(({ backend }) => !moved.has(backend)),
  }
}
