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
  return total < COUNTING_PAYS ? bySorting(parts, total, ranks) : byCounting(parts, total, ranks)
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

/** Where the upper half of a double lies among its two 32-bit halves. */
const UPPER = new Uint32Array(Float64Array.of(1).buffer)[1] === 0 ? 0 : 1
/**
 * The bits of doubles that are not negative are ordered like them. The first 20 of the 64 give a bucket, of which there
 * are 256 to a doubling, so that the counters in use stay in the nearest cache; the next 16 are a key, which tells whole
 * nanoseconds apart up to 34 ms.
 */
const BUCKETS = 2 ** 19
const KEYS = 2 ** 16
const bucketOf = (upper: number): number => upper >>> 12
const keyOf = (upper: number, lower: number): number => ((upper & 0xfff) << 4) | (lower >>> 28)
const BELOW_KEY = 0x0fff_ffff

/**
 * Exact selection by counting: the values of each bucket, then the values of each key within the buckets that hold a
 * wanted rank. Where a key leaves something open, its bucket is sorted. `npm run bench:self` has it beside HdrHistogram.
 */
function byCounting(parts: readonly Float64Array[], total: number, ranks: readonly number[]): Map<number, number> {
  const halves = parts.map((part) => new Uint32Array(part.buffer, part.byteOffset, part.length * 2))
  const counts = new Uint32Array(BUCKETS)
  for (const words of halves) countBuckets(words, counts)
  // What is negative has no bucket.
  if (counts.reduce((sum, count) => sum + count, 0) < total) return bySorting(parts, total, ranks)

  const places = find(counts, ranks)
  const buckets = [...new Set(places.map(({ at }) => at))]
  const slots = new Int8Array(BUCKETS).fill(-1)
  for (const [slot, bucket] of buckets.entries()) slots[bucket] = slot
  const within = new Uint32Array(buckets.length * KEYS)
  const open = new Uint32Array(buckets.length)
  for (const words of halves) countKeys(words, slots, within, open)
  return new Map(
    places.map(({ rank, at: bucket, before }) => {
      const slot = slots[bucket]!
      if (open[slot] !== 0) return [rank, sortedBucket(parts, halves, bucket)[rank - before]!]
      const [{ at: key }] = find(within.subarray(slot * KEYS, (slot + 1) * KEYS), [rank - before]) as [Place]
      return [rank, valueOf(bucket, key)]
    }),
  )
}

// The loops are functions of their own, which the compiler takes better than loops in the midst of others.

function countBuckets(words: Uint32Array, counts: Uint32Array): void {
  for (let n = UPPER; n < words.length; n += 2) counts[bucketOf(words[n]!)]! += 1
}

function countKeys(words: Uint32Array, slots: Int8Array, within: Uint32Array, open: Uint32Array): void {
  for (let n = UPPER; n < words.length; n += 2) {
    const upper = words[n]!
    const slot = slots[bucketOf(upper)]!
    if (slot === -1) continue
    const lower = words[n ^ 1]!
    within[slot * KEYS + keyOf(upper, lower)]! += 1
    open[slot]! |= lower & BELOW_KEY
  }
}

interface Place {
  readonly rank: number
  readonly at: number
  readonly before: number
}

/** The counter that holds a rank, and how many come before that counter; ranks from the lowest. */
function find(counts: Uint32Array, ranks: readonly number[]): Place[] {
  let [at, before] = [0, 0]
  return ranks
    .toSorted((a, b) => a - b)
    .map((rank) => {
      while (before + counts[at]! <= rank) {
        before += counts[at]!
        at += 1
      }
      return { rank, at, before }
    })
}

function valueOf(bucket: number, key: number): number {
  const words = new Uint32Array(2)
  words[UPPER] = (bucket << 12) | (key >>> 4)
  words[UPPER ^ 1] = key << 28
  return new Float64Array(words.buffer)[0]!
}

function sortedBucket(parts: readonly Float64Array[], halves: readonly Uint32Array[], bucket: number): Float64Array {
  const inBucket = parts.map((part, n) => part.filter((_, at) => bucketOf(halves[n]![at * 2 + UPPER]!) === bucket))
  return Float64Array.from(inBucket.flatMap((part) => [...part])).sort()
}
