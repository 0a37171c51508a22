import type { MeasuredCell } from '../../bench/contract/index.ts'
import { edgeNs } from './levels.ts'
import { DISTRIBUTION_BINS } from './distribution-data.ts'

/** Latency by percentile. */
export interface Curve {
  readonly backend: number
  readonly operations: number
  /** Percentiles that may be said, ascending. */
  readonly points: readonly (readonly [p: number, ns: number])[]
  /** Of those beyond the last percentile: how many operations took so long or longer. Ends with the longest of all. */
  readonly beyond: readonly (readonly [operations: number, ns: number])[]
}

/** Of the steps beyond the last percentile, each has so many times fewer operations than the one before it. */
const STEP = 2.5

/** Steps into the tail by the histogram, whose bins end within 10 %; the longest operation is known exactly. */
export function beyondLast({ estimates }: MeasuredCell, last: { p: number; ns: number }): Curve['beyond'] {
  const { histogram, operations, maxNs } = estimates
  const least = (1 - last.p) * operations
  const steps: (readonly [number, number])[] = []
  let left = histogram.counts.reduce((sum, count) => sum + count, 0)
  let before = least
  for (const [n, count] of histogram.counts.entries()) {
    const ns = edgeNs(histogram.firstBin + n, DISTRIBUTION_BINS)
    if (count > 0 && left > 1 && ns > last.ns && left * STEP <= before) {
      steps.push([left, Number(ns.toPrecision(3))])
      before = left
    }
    left -= count
  }
  return least > 1 && maxNs > last.ns ? [...steps, [1, Number(maxNs.toPrecision(6))]] : []
}
