import type { Interval } from './intervals.ts'

/**
 * The shift between two samples that are not paired: the median of all differences, with the exact interval of the
 * Mann-Whitney test. Hollander, Wolfe, Chicken: Nonparametric Statistical Methods, 3rd ed., 4.2-4.3.
 * @param alpha 0.01 for a 99 % interval, which needs 5 values against 5
 */
export function hodgesLehmannShift(before: readonly number[], after: readonly number[], alpha: number): Interval {
  if (before.length === 0 || after.length === 0) throw new RangeError('no values, so no estimate')
  const differences = before.flatMap((one) => after.map((other) => other - one)).toSorted((a, b) => a - b)
  const middle = (differences.length - 1) / 2
  const estimate = (differences[Math.floor(middle)]! + differences[Math.ceil(middle)]!) / 2
  const k = rankSumCritical(before.length, after.length, alpha)
  if (k === null) return { estimate, low: null, high: null }
  return { estimate, low: differences[k - 1]!, high: differences[differences.length - k]! }
}

/** The exact two-sided p of the same test; differences of zero count against one. */
export function rankSumP(before: readonly number[], after: readonly number[]): number {
  const differences = before.flatMap((one) => after.map((other) => other - one))
  const rarer = Math.min(differences.filter((d) => d <= 0).length, differences.filter((d) => d >= 0).length)
  const ways = rankSumWays(before.length, after.length)
  const all = ways.reduce((sum, count) => sum + count, 0)
  return Math.min(1, (2 * ways.slice(0, rarer + 1).reduce((sum, count) => sum + count, 0)) / all)
}

/** The largest k with P(U <= k - 1) <= alpha / 2; null when even k = 1 is too likely. */
export function rankSumCritical(m: number, n: number, alpha: number): number | null {
  const ways = rankSumWays(m, n)
  const all = ways.reduce((sum, count) => sum + count, 0)
  let below = 0
  let k = 0
  while (k < ways.length && (below + ways[k]!) / all <= alpha / 2) {
    below += ways[k]!
    k += 1
  }
  return k === 0 ? null : k
}

/**
 * In how many orders of m and n values each number of inversions occurs, from 0 to mn: a value of the first sample that
 * joins after j of the second brings j inversions, so this counts partitions into m parts of at most n.
 */
function rankSumWays(m: number, n: number): Float64Array {
  let ways = Array.from({ length: n + 1 }, () => Float64Array.of(1, ...Array.from({ length: m * n }, () => 0)))
  for (let part = 1; part <= m; part += 1) {
    // ways[j]: arrangements whose largest part is at most j.
    const next = ways.map(() => new Float64Array(m * n + 1))
    for (let most = 0; most <= n; most += 1) {
      for (let sum = 0; sum <= m * n; sum += 1) {
        const smaller = most === 0 ? 0 : next[most - 1]![sum]!
        next[most]![sum] = smaller + (sum >= most ? ways[most]![sum - most]! : 0)
      }
    }
    ways = next
  }
  return ways[n]!
}
