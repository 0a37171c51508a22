import type { K6Figures } from '../contract/index.ts'
import { QUANTILES, quantiles, tooFew } from './quantiles.ts'

/** What was counted of one load, by one process of k6 or by several that shared it. */
export interface K6Counts extends Pick<K6Figures, 'lost'> {
  readonly offered: number
  /** Nanoseconds, in the order of their ends. */
  readonly answeredNs: Float64Array
  readonly errors: ReadonlyMap<string, number>
  readonly dropped: number
}

/** One load is one round: ten answers have to lie beyond a percentile of its tail. */
const isTooFew = (p: number, answered: number): boolean => tooFew(p, p < 0.9 ? answered : Infinity, answered)

/** A timetable of n may hold one more or less, as its first arrival falls. */
const TOLERATED = 1

/**
 * An arrival-rate executor drops an iteration when no virtual user is free, so what would have waited longest is not there: with
 * anything dropped, unfinished or lost, no percentile holds.
 */
export function judgeK6({ offered, answeredNs, errors, dropped, lost }: K6Counts): Omit<K6Figures, 'samples'> {
  const failed = [...errors.values()].reduce((sum, count) => sum + count, 0)
  const answered = answeredNs.length
  const missing = offered - answered - failed - dropped
  const unfinished = missing > TOLERATED ? missing : 0
  const values = quantiles([answeredNs], QUANTILES)
  return {
    offered,
    answered,
    errors: [...errors].map(([code, count]) => ({ code, count })),
    dropped,
    unfinished,
    lost,
    valid: dropped === 0 && unfinished === 0 && lost.length === 0,
    quantiles: QUANTILES.map((p, n) => ({ p, ns: isTooFew(p, answered) ? null : values[n]! })),
    minNs: answeredNs.reduce((least, ns) => Math.min(least, ns), Infinity),
    maxNs: answeredNs.reduce((most, ns) => Math.max(most, ns), 0),
  }
}
