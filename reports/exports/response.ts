import type { Estimate, Estimates } from '../../bench/contract/index.ts'

/** The median of response time over rounds; null in a closed loop, and where a round knows it as a lower bound only. */
export const responseMedian = ({ response }: Estimates): Estimate | null => response?.p50 ?? null

/**
 * A quantile of response time over all operations; null in a closed loop, where operations are too few, and where it
 * falls among those that were never issued: a number alone could not say that it is a lower bound.
 */
export function responseQuantile({ response }: Estimates, p: number): number | null {
  const found = response?.quantiles.find((quantile) => quantile.p === p)
  return found === undefined || found.atLeast ? null : found.ns
}
