/** Quantiles that every cell reports. */
export const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999] as const

/**
 * A quantile is printed only when so many operations lie beyond it: in each round, and over all of them.
 * Below, one unlucky operation is the quantile.
 */
export const TAIL_RULE = { perRound: 10, pooled: 100 } as const

/** Whether operations are too few for a quantile. The median is always printed; its interval tells what it is worth. */
export function tooFew(p: number, pooled: number, smallestRound: number): boolean {
  if (p === 0.5) return pooled === 0
  if (p < 0.9) return pooled * Math.min(p, 1 - p) < TAIL_RULE.perRound
  // 1e-9: 10,000 * (1 - 0.999) is 9.999999999999991.
  return smallestRound * (1 - p) < TAIL_RULE.perRound - 1e-9 || pooled * (1 - p) < TAIL_RULE.pooled - 1e-9
}

/**
 * Quantiles of type 7 of Hyndman and Fan (The American Statistician 50, 1996): linear between the order statistics
 * around (n - 1) p. The one rank rule of this project.
 * @param values nanoseconds in any order; left as they are
 * @throws RangeError on an empty array
 */
export function quantiles(values: readonly Float64Array[], ps: readonly number[]): number[] {
  const total = values.reduce((sum, part) => sum + part.length, 0)
  if (total === 0) throw new RangeError('no values, so no quantile')
  const ranks = ps.flatMap((p) => [Math.floor((total - 1) * p), Math.ceil((total - 1) * p)])
  const chosen = orderStatistics(values, total, ranks)
  return ps.map((p, n) => {
    const [below, above] = [chosen.get(ranks[n * 2]!)!, chosen.get(ranks[n * 2 + 1]!)!]
    const part = (total - 1) * p - Math.floor((total - 1) * p)
    return below + (above - below) * part
  })
}

export const median = (values: readonly number[]): number => quantiles([Float64Array.from(values)], [0.5])[0]!

/** Values at these ranks (from 0) of all parts together. */
function orderStatistics(parts: readonly Float64Array[], total: number, ranks: readonly number[]): Map<number, number> {
  return total < COUNTING_PAYS ? bySorting(parts, total, ranks) : byCounting(parts, total, ranks)
}

/** Sorting is quicker below this. */
const COUNTING_PAYS = 20_000

function bySorting(parts: readonly Float64Array[], total: number, ranks: readonly number[]): Map<number, number> {
  const all = new Float64Array(total)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  all.sort()
  return new Map(ranks.map((rank) => [rank, all[rank]!]))
}

/** Latencies below this (262 us) are counted each in a counter of its own, which one pass does. */
const NEAR = 2 ** 18
/** Of those from there to 2^32 ns, the first pass counts the upper 16 bits. */
const BUCKETS = 2 ** 16
/** Far values are kept for the second pass while they are at most this share; else it reads all values again. */
const FAR_SHARE = 1 / 16

/**
 * Exact selection by counting in two passes: first every near value and the bucket of every other one, then the lower
 * 16 bits within the buckets that hold a wanted rank. `npm run bench:self` has it beside sorting and HdrHistogram.
 */
function byCounting(parts: readonly Float64Array[], total: number, ranks: readonly number[]): Map<number, number> {
  const near = new Uint32Array(NEAR)
  const buckets = new Uint32Array(BUCKETS)
  const others: number[] = []
  const kept = new Float64Array(Math.ceil(total * FAR_SHARE))
  let farTotal = 0
  for (const part of parts) {
    for (let n = 0; n < part.length; n += 1) {
      const value = part[n]!
      const word = value >>> 0
      if (word !== value) others.push(value)
      else if (word < NEAR) near[word]! += 1
      else {
        buckets[word >>> 16]! += 1
        kept[farTotal] = value
        farTotal += 1
      }
    }
  }
  // What is no whole number of 32 bits comes after all that is, or else has no place in this.
  if (others.some((value) => !(value >= 2 ** 32))) return bySorting(parts, total, ranks)
  others.sort((a, b) => a - b)

  const chosen = new Map<number, number>()
  const sought: { readonly rank: number; readonly bucket: number; readonly before: number }[] = []
  const nearTotal = total - others.length - farTotal
  const within = new Cumulative(near)
  const far = new Cumulative(buckets)
  for (const rank of ranks) {
    if (rank < nearTotal) chosen.set(rank, within.find(rank).index)
    else if (rank >= nearTotal + farTotal) chosen.set(rank, others[rank - nearTotal - farTotal]!)
    else {
      const { index, before } = far.find(rank - nearTotal)
      sought.push({ rank, bucket: index, before: nearTotal + before })
    }
  }
  if (sought.length === 0) return chosen

  const counts: (Uint32Array | undefined)[] = Array.from({ length: BUCKETS })
  for (const { bucket } of sought) counts[bucket] ??= new Uint32Array(BUCKETS)
  for (const part of farTotal <= kept.length ? [kept.subarray(0, farTotal)] : parts) {
    for (let n = 0; n < part.length; n += 1) {
      const value = part[n]!
      if (value >= 2 ** 32) continue
      const lower = counts[value >>> 16]
      if (lower !== undefined) lower[value & 0xffff]! += 1
    }
  }
  const lowers = new Map(sought.map(({ bucket }) => [bucket, new Cumulative(counts[bucket]!)]))
  for (const { rank, bucket, before } of sought)
    chosen.set(rank, bucket * BUCKETS + lowers.get(bucket)!.find(rank - before).index)
  return chosen
}

/** Counts, summed up from the first. */
class Cumulative {
  readonly #upTo: Float64Array

  constructor(counts: Uint32Array) {
    this.#upTo = new Float64Array(counts.length)
    let sum = 0
    for (let n = 0; n < counts.length; n += 1) this.#upTo[n] = sum += counts[n]!
  }

  /** Where the thing of this rank was counted, and how many there are before that counter. */
  find(rank: number): { readonly index: number; readonly before: number } {
    let [low, high] = [0, this.#upTo.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#upTo[middle]! > rank) high = middle
      else low = middle + 1
    }
    return { index: low, before: low === 0 ? 0 : this.#upTo[low - 1]! }
  }
}
