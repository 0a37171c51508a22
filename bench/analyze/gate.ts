import type { GateRules, Judgement, Shift, Verdict } from '../contract/index.ts'
import { hodgesLehmann, signedRankCritical, signedRankWays } from './intervals.ts'
import { holm } from './holm.ts'

/**
 * When two sides differ. 3 % is the least change worth a build that fails; at alpha .01 ten pairs found an injected
 * slowdown of 5.7 % in 43 of 50 comparisons and alarmed in none of 100 without one (gate.test.ts, measured rounds).
 */
export const GATE_DEFAULTS: GateRules = { alpha: 0.01, threshold: 0.03, pairsFirst: 10, pairsStep: 5, pairsMax: 40 }

/** One number a pair: positive where head took longer. Pairs that ran next to each other share what disturbed them. */
export const logRatios = (base: readonly number[], head: readonly number[]): number[] =>
  base.map((value, n) => Math.log(head[n]! / value))

/**
 * How far head lies from base over all pairs: Hodges-Lehmann of the log-ratios with its exact signed-rank interval.
 * Why rounds and not operations, and why not means: Kalibera & Jones, ISMM 2013; Chen & Revels, arXiv 1608.04295.
 * Why side by side: Bulej et al., "Duet benchmarking", arXiv 2001.05811.
 */
export function pairedShift(ratios: readonly number[], alpha: number): Shift {
  const { estimate, low, high } = hodgesLehmann(ratios, alpha)
  return { estimate, low, high, p: signedRankP(ratios), detectable: detectable(low, high, alpha) }
}

/**
 * The exact two-sided p of the signed-rank test, from the same Walsh averages as the interval, so that p <= alpha says
 * exactly that the interval lies on one side of zero. Averages of zero count against a difference.
 */
export function signedRankP(ratios: readonly number[]): number {
  let [notAbove, notBelow] = [0, 0]
  for (let a = 0; a < ratios.length; a += 1) {
    for (let b = a; b < ratios.length; b += 1) {
      const walsh = (ratios[a]! + ratios[b]!) / 2
      if (walsh <= 0) notAbove += 1
      if (walsh >= 0) notBelow += 1
    }
  }
  const rarer = Math.min(notAbove, notBelow)
  const ways = signedRankWays(ratios.length)
  const below = ways.slice(0, rarer + 1).reduce((sum, count) => sum + count, 0)
  return Math.min(1, (2 * below) / 2 ** ratios.length)
}

/** What a shift says at a threshold, on its own. Without an interval nothing is said. */
export function judge({ estimate, low, high }: Shift, threshold: number): Verdict {
  const delta = Math.log1p(threshold)
  if (low === null || high === null) return 'inconclusive'
  if (low > 0 && estimate >= delta) return 'slower'
  if (high < 0 && estimate <= -delta) return 'faster'
  return -delta < low && high < delta ? 'same' : 'inconclusive'
}

export const isFlagged = (verdict: Verdict): boolean => verdict === 'slower' || verdict === 'faster'

/**
 * Many comparisons at once: a difference stands only if Holm lets it, so that all of them together alarm as seldom as
 * one would. `same` needs no such care: more of them is no alarm.
 */
export function judgeAll(shifts: readonly Shift[], { alpha, threshold }: GateRules): Judgement[] {
  const adjusted = holm(shifts.map(({ p }) => p))
  return shifts.map((shift, n) => {
    const verdict = judge(shift, threshold)
    const holmP = adjusted[n]!
    return { ...shift, holmP, verdict: isFlagged(verdict) && holmP > alpha ? 'inconclusive' : verdict }
  })
}

/** Whether more pairs are worth their time. Only the width is looked at: stopping on a sign would find what it waits for. */
export function isPrecise({ low, high }: Shift, threshold: number): boolean {
  return low !== null && high !== null && (high - low) / 2 <= Math.log1p(threshold) / 2
}

/** The rank that ten pairs leave between an alarm and its loss at alpha .01: three pairs may disagree a little. */
const SLACK = 4

/**
 * Pairs to begin with: among many comparisons, Holm lets the first difference pass at alpha / comparisons only, which ten
 * pairs can hardly reach. So many that an interval of that level has the slack which ten pairs have for one comparison.
 */
export function firstPairs(comparisons: number, { alpha, pairsFirst, pairsMax }: GateRules): number {
  let pairs = pairsFirst
  while (pairs < pairsMax && (signedRankCritical(pairs, alpha / Math.max(1, comparisons)) ?? 0) < SLACK) pairs += 1
  return Math.min(pairs, pairsMax)
}

/** Whether so few pairs can flag anything at all. */
export const canFlag = (comparisons: number, { alpha, pairsMax }: GateRules): boolean =>
  signedRankCritical(pairsMax, alpha / Math.max(1, comparisons)) !== null

/** Quantiles of the normal distribution: half an alpha of .01 has 2.576 beyond it; 80 % lie below .842. */
const Z_FOUND = 0.8416

/**
 * The smallest true change that a comparison of this precision would tell from none in four of five cases, as a
 * fraction. The half-width of the interval, and as much again as the estimate itself scatters.
 */
export function detectable(low: number | null, high: number | null, alpha: number): number | null {
  if (low === null || high === null) return null
  return Math.expm1(((high - low) / 2) * (1 + Z_FOUND / normalQuantile(1 - alpha / 2)))
}

/** By bisection of the error function's series: twelve digits are plenty for a width. */
function normalQuantile(p: number): number {
  let [below, above] = [0, 8]
  while (above - below > 1e-9) {
    const middle = (below + above) / 2
    if (normalBelow(middle) < p) below = middle
    else above = middle
  }
  return below
}

/** P(Z <= z) for z >= 0: Abramowitz & Stegun 26.2.11. */
function normalBelow(z: number): number {
  let [term, sum] = [z, z]
  for (let n = 1; n < 200; n += 1) {
    term *= (z * z) / (2 * n + 1)
    sum += term
  }
  return 0.5 + (sum * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI)
}
