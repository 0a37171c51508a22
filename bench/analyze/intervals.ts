/** An estimate of a location with its bounds; null bounds mean that n is too small for the asked confidence. */
export interface Interval {
  readonly estimate: number
  readonly low: number | null
  readonly high: number | null
}

/**
 * Hodges-Lehmann estimate (median of the Walsh averages) with the exact interval of the Wilcoxon signed-rank test.
 * Hollander, Wolfe, Chicken: Nonparametric Statistical Methods, 3rd ed., 3.2-3.3. It assumes that values are independent of one another
 * and symmetric, and nothing about the tails. Of 6 values the 95 % interval is their range, whose level is 96.9 %.
 * @param values one value a round
 * @param alpha 0.05 for a 95 % interval, which needs 6 values
 */
export function hodgesLehmann(values: readonly number[], alpha = 0.05): Interval {
  if (values.length === 0) throw new RangeError('no values, so no estimate')
  const walsh: number[] = []
  for (let a = 0; a < values.length; a += 1) {
    for (let b = a; b < values.length; b += 1) walsh.push((values[a]! + values[b]!) / 2)
  }
  walsh.sort((a, b) => a - b)
  const middle = (walsh.length - 1) / 2
  const estimate = (walsh[Math.floor(middle)]! + walsh[Math.ceil(middle)]!) / 2
  const k = signedRankCritical(values.length, alpha)
  if (k === null) return { estimate, low: null, high: null }
  return { estimate, low: walsh[k - 1]!, high: walsh[walsh.length - k]! }
}

/** The same on a log scale: for latencies and ratios, whose errors multiply. */
export function hodgesLehmannLog(values: readonly number[], alpha = 0.05): Interval {
  const { estimate, low, high } = hodgesLehmann(values.map(Math.log), alpha)
  return {
    estimate: Math.exp(estimate),
    low: low === null ? null : Math.exp(low),
    high: high === null ? null : Math.exp(high),
  }
}

/** How many of the 2^n signs give each sum of positive ranks, from 0 to n(n+1)/2. Exact as doubles up to n = 50. */
export function signedRankWays(n: number): Float64Array {
  const most = (n * (n + 1)) / 2
  const ways = new Float64Array(most + 1)
  ways[0] = 1
  for (let rank = 1; rank <= n; rank += 1) {
    for (let sum = most; sum >= rank; sum -= 1) ways[sum]! += ways[sum - rank]!
  }
  return ways
}

/**
 * The largest k with P(W+ <= k - 1) <= alpha / 2 under the null, exact by dynamic programming over the sums of ranks;
 * null when even k = 1 is too likely.
 */
export function signedRankCritical(n: number, alpha: number): number | null {
  const ways = signedRankWays(n)
  const all = 2 ** n
  let below = 0
  let k = 0
  while (k < ways.length && (below + ways[k]!) / all <= alpha / 2) {
    below += ways[k]!
    k += 1
  }
  return k === 0 ? null : k
}
