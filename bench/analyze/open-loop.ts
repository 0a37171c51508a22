import { median } from './quantiles.ts'

/** What an open loop recorded, in nanoseconds from the start of the round and in the order of the timetable. */
export interface OpenStamps {
  readonly intendedNs: Float64Array
  /** Of those that were issued: the first of the timetable. */
  readonly startNs: Float64Array
  readonly endNs: Float64Array
  /** 1 for an operation that threw. */
  readonly failed: Uint8Array
  readonly endOfRunNs: number
  readonly concurrency: number
}

export interface OpenTimes {
  /** end - start of every operation that succeeded. */
  readonly serviceNs: Float64Array
  /** start - intended of the same. Response time is the sum of the two. */
  readonly waitNs: Float64Array
  /** From one intended time to the next: of those that succeeded, then of those that were never issued. */
  readonly gapNs: Float64Array
  /** How late the dispatcher was on its own account, of all that were issued. */
  readonly latenessNs: Float64Array
}

/** Derived when the clock is off. With these, every stamp of an operation can be had again. */
export function openTimes(stamps: OpenStamps): OpenTimes {
  const { intendedNs, startNs, endNs, failed } = stamps
  const issued = startNs.length
  const succeeded = issued - failed.reduce((sum, one) => sum + one, 0)
  const serviceNs = new Float64Array(succeeded)
  const waitNs = new Float64Array(succeeded)
  const gapNs = new Float64Array(succeeded + intendedNs.length - issued)
  let at = 0
  let beforeNs = 0
  for (let n = 0; n < intendedNs.length; n += 1) {
    if (failed[n] === 1) continue
    gapNs[at] = intendedNs[n]! - beforeNs
    beforeNs = intendedNs[n]!
    if (n < issued) {
      serviceNs[at] = endNs[n]! - startNs[n]!
      waitNs[at] = startNs[n]! - intendedNs[n]!
    }
    at += 1
  }
  return { serviceNs, waitNs, gapNs, latenessNs: lateness(stamps) }
}

/**
 * The part of a wait that the database did not cause: from the moment when the operation was due and a place was free.
 * With c places, operation n has one as soon as n - c + 1 others have ended; on a sync session (c = 1), when the one before has.
 */
function lateness({ intendedNs, startNs, endNs, concurrency }: OpenStamps): Float64Array {
  const freeNs = endNs.toSorted()
  return startNs.map((start, n) => start - Math.max(intendedNs[n]!, n < concurrency ? 0 : freeNs[n - concurrency]!))
}

/** At least how long operations that were never issued would have taken. */
export function unissuedBounds({ intendedNs, startNs, endOfRunNs }: OpenStamps): Float64Array {
  return intendedNs.subarray(startNs.length).map((intended) => endOfRunNs - intended)
}

/**
 * When a database did not keep up: more than this share of a timetable was not done when it ended. Some operations are in the
 * queue of any database that is well used, so fewer than `least` prove nothing.
 */
export const SATURATION = { share: 0.01, least: 5 } as const

export interface Pace {
  /** Operations of the timetable. */
  readonly offered: number
  readonly unissued: number
  /** Operations that were due and not done when the timetable ended. */
  readonly backlog: number
  /** Operations that succeeded by then. */
  readonly achieved: number
}

/**
 * How far the database had come at the end of the timetable. An operation is given the time that operations took at first
 * (median of the first fifth), so that those on their way over a long distance do not pass for a backlog.
 */
export function pace(stamps: OpenStamps, durationNs: number): Pace {
  const { intendedNs, startNs, endNs, failed } = stamps
  const first = Math.max(1, Math.ceil(startNs.length / 5))
  const usualNs = startNs.length === 0 ? 0 : median(Array.from(endNs.subarray(0, first), (end, n) => end - startNs[n]!))
  let [done, achieved] = [0, 0]
  for (let n = 0; n < endNs.length; n += 1) {
    if (endNs[n]! > durationNs + usualNs) continue
    done += 1
    if (failed[n] === 0) achieved += 1
  }
  const offered = intendedNs.length
  return { offered, unissued: offered - startNs.length, backlog: offered - done, achieved }
}

export const isSaturated = ({ offered, achieved }: Pick<Pace, 'offered' | 'achieved'>): boolean =>
  offered - achieved > Math.max(SATURATION.share * offered, SATURATION.least)
