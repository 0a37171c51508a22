import type { MeasuredCell } from '../../bench/contract/index.ts'
import { duration, list } from '../format.ts'
import { middleNs, pack, rootOf } from './levels.ts'
import { peaksOf } from './peaks.ts'

/** Bins a decade of `Estimates.histogram`. */
export const DISTRIBUTION_BINS = 24

/** How the latencies of one cell are distributed. */
export interface DistributionRow {
  readonly backend: number
  readonly firstBin: number
  /** Height of each bin: the square root of its share of the highest, packed. */
  readonly heights: string
  readonly peaksNs: readonly number[]
}

export function distributionRow(backend: number, { estimates }: MeasuredCell): DistributionRow {
  const { firstBin, counts } = estimates.histogram
  const highest = counts.reduce((most, count) => Math.max(most, count), 0)
  return {
    backend,
    firstBin,
    heights: pack(counts.map((count) => rootOf(count, highest))),
    peaksNs: peaksOf(counts).map((bin) => Number(middleNs(firstBin + bin, DISTRIBUTION_BINS).toPrecision(3))),
  }
}

export const peaksText = ({ peaksNs }: DistributionRow): string =>
  peaksNs.length === 0 ? 'too few' : list(peaksNs.map(duration))
