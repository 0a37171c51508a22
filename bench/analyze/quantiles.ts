import { highestRank, trimmedHarrellDavis } from './harrell-davis.ts'

/** Quantiles that every cell reports. */
export const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999] as const

/**
 * A quantile is printed only when so many operations lie beyond it: in each round, and over all of them.
 * Below, one unlucky operation is the quantile.
 */
const TAIL_RULE = { perRound: 10, pooled: 100 } as const

/** Whether operations are too few for a quantile. The median is always printed; its interval tells what it is worth. */
export function tooFew(p: number, pooled: number, smallestRound: number): boolean {
  if (p === 0.5) return pooled === 0
  if (p < 0.9) return pooled * Math.min(p, 1 - p) < TAIL_RULE.perRound
  // 1e-9: 10,000 * (1 - 0.999) is 9.999999999999991.
  return smallestRound * (1 - p) < TAIL_RULE.perRound - 1e-9 || pooled * (1 - p) < TAIL_RULE.pooled - 1e-9
}

/** From so many values on, two order statistics say as much as a weighted mean of many. */
const MANY = 1000

/**
 * The one rank rule of this project. From 1,000 values on, type 7 of Hyndman and Fan (The American Statistician 50, 1996):
 * linear between the order statistics around (n - 1) p. Below, the trimmed Harrell-Davis estimator.
 * @param values nanoseconds in any order; left as they are
 * @throws RangeError on an empty array
 */
export function quantiles(values: readonly Float64Array[], ps: readonly number[]): number[] {
  const total = values.reduce((sum, part) => sum + part.length, 0)
  if (total === 0) throw new RangeError('no values, so no quantile')
  if (total < MANY) {
    const sorted = sortedTogether(values, total)
    return ps.map((p) => trimmedHarrellDavis(sorted, p))
  }
  const ranks = ps.flatMap((p) => [Math.floor((total - 1) * p), Math.ceil((total - 1) * p)])
  const chosen = orderStatistics(values, total, ranks)
  return ps.map((p, n) => {
    const [below, above] = [chosen.get(ranks[n * 2]!)!, chosen.get(ranks[n * 2 + 1]!)!]
    const part = (total - 1) * p - Math.floor((total - 1) * p)
    return below + (above - below) * part
  })
}

/** The highest rank (from 0) on which the quantile of so many values depends. */
export const highestRankOf = (total: number, p: number): number =>
  total < MANY ? highestRank(total, p) : Math.ceil((total - 1) * p)

export const median = (values: readonly number[]): number => quantiles([Float64Array.from(values)], [0.5])[0]!

/** Values at these ranks (from 0) of all parts together. */
function orderStatistics(parts: readonly Float64Array[], total: number, ranks: readonly number[]): Map<number, number> {
  return total < COUNTING_PAYS ? bySorting(parts, total, ranks) : byCounting(parts, ranks)
}

/** Sorting is quicker below this. */
const COUNTING_PAYS = 20_000

function bySorting(parts: readonly Float64Array[], total: number, ranks: readonly number[]): Map<number, number> {
  const all = sortedTogether(parts, total)
  return new Map(ranks.map((rank) => [rank, all[rank]!]))
}

function sortedTogether(parts: readonly Float64Array[], total: number): Float64Array {
  const all = new Float64Array(total)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all.sort()
}

const BUCKETS = 65_536
/** Whole nanoseconds below 2^32 are counted exactly; anything else waits in a sorted list of its own. */
const COUNTABLE = 4_294_967_296

/**
 * Exact selection in two passes: count the upper 16 bits, then the lower 16 bits within the buckets that hold a wanted rank.
 * Ten million values take about a tenth of the time that sorting takes.
 */
function byCounting(parts: readonly Float64Array[], ranks: readonly number[]): Map<number, number> {
  const upper = new Uint32Array(BUCKETS)
  const others: number[] = []
  for (const part of parts) {
    for (let n = 0; n < part.length; n += 1) {
      const value = part[n]!
      if (value >= 0 && value < COUNTABLE && value === Math.floor(value)) upper[value >>> 16]! += 1
      else others.push(value)
    }
  }
  if (others.some((value) => value < COUNTABLE)) {
    const total = parts.reduce((sum, part) => sum + part.length, 0)
    return bySorting(parts, total, ranks)
  }
  others.sort((a, b) => a - b)
  const starts = new Float64Array(BUCKETS + 1)
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) starts[bucket + 1] = starts[bucket]! + upper[bucket]!
  const countable = starts[BUCKETS]!

  const wanted = new Map<number, Uint32Array>()
  const bucketOf = (rank: number): number => {
    let [low, high] = [0, BUCKETS - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (starts[middle + 1]! > rank) high = middle
      else low = middle + 1
    }
    return low
  }
  for (const rank of ranks) if (rank < countable) wanted.set(bucketOf(rank), new Uint32Array(BUCKETS))
  const lookup: (Uint32Array | undefined)[] = Array.from({ length: BUCKETS })
  for (const [bucket, counts] of wanted) lookup[bucket] = counts
  for (const part of parts) {
    for (let n = 0; n < part.length; n += 1) {
      const value = part[n]!
      if (value >= COUNTABLE) continue
      const counts = lookup[value >>> 16]
      if (counts !== undefined) counts[value & 0xffff]! += 1
    }
  }
  return new Map(
    ranks.map((rank) => {
      if (rank >= countable) return [rank, others[rank - countable]!]
      const bucket = bucketOf(rank)
      const counts = wanted.get(bucket)!
      let left = rank - starts[bucket]!
      let low = 0
      while (left >= counts[low]!) {
        left -= counts[low]!
        low += 1
      }
      return [rank, bucket * BUCKETS + low]
    }),
  )
}
