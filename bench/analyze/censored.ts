import { quantiles } from './quantiles.ts'

/** `atLeast`: the quantile falls among values of which only a lower bound is known, so it is one itself. */
export interface BoundedValue {
  readonly ns: number
  readonly atLeast: boolean
}

/**
 * Quantiles of values of which some are known from below only (right-censored). With each bound in the place of its value no
 * rank holds more than in truth, and what hides behind a bound is not below the smallest of them: so all ranks whose values
 * are not above the smallest bound are exact, and a result beyond is a lower bound itself.
 */
export function boundedQuantiles(
  values: readonly Float64Array[],
  bounds: readonly Float64Array[],
  ps: readonly number[],
): BoundedValue[] {
  const smallest = bounds.reduce((least, part) => part.reduce((a, b) => Math.min(a, b), least), Infinity)
  let [total, certain] = [0, 0]
  for (const part of bounds) total += part.length
  for (const part of values) {
    total += part.length
    for (let n = 0; n < part.length; n += 1) if (part[n]! <= smallest) certain += 1
  }
  const found = quantiles([...values, ...bounds], ps)
  return ps.map((p, n) => ({ ns: found[n]!, atLeast: Math.ceil((total - 1) * p) >= certain }))
}
