import type { Change, Contest, GatePair, GateRules, Shift, Verdict } from '../contract/index.ts'
import { isFlagged, judgeAll, logRatios, pairedShift } from './gate.ts'

/** Comparisons that were made together, judged together. Each needs at least one pair. */
export function contests(all: readonly (readonly GatePair[])[], rules: GateRules): Contest[] {
  const shifts = all.map((pairs) =>
    pairedShift(
      logRatios(
        pairs.map(({ baseNs }) => baseNs),
        pairs.map(({ headNs }) => headNs),
      ),
      rules.alpha,
    ),
  )
  return judgeAll(shifts, rules).map((judgement, n) => ({
    pairs: all[n]!,
    change: changeOf(judgement),
    holmP: judgement.holmP,
    verdict: judgement.verdict,
  }))
}

/** A difference stands only if fresh pairs show the same one; whatever else they show, nothing is certain then. */
export function finalVerdict(first: Contest, confirmation: Contest | null): Verdict {
  if (!isFlagged(first.verdict)) return first.verdict
  return confirmation?.verdict === first.verdict ? first.verdict : 'inconclusive'
}

/** From logarithms to fractions. */
export const changeOf = ({ estimate, low, high, p, detectable }: Shift): Change => ({
  value: Math.expm1(estimate),
  low: low === null ? null : Math.expm1(low),
  high: high === null ? null : Math.expm1(high),
  p,
  detectable,
})
