import type { Bracket, Run } from '../../bench/contract/index.ts'

interface Lag {
  readonly backend: string
  readonly quantile: string
  readonly bracket: Bracket
}

/**
 * Lag after the acknowledgement, as the reports print it. A tool that knows one number gets the upper end of the
 * bracket: "at most" is true of every run, where the point is a guess as soon as the lower end is zero.
 */
export function lags(run: Run): Lag[] {
  return run.lag.flatMap((cell) => {
    if (cell.outcome !== 'measured') return []
    const { p50, p95, p99 } = cell.ackToVisible
    return Object.entries({ p50, p95, p99 }).flatMap(([quantile, bracket]) =>
      bracket === null ? [] : [{ backend: cell.backend, quantile, bracket }],
    )
  })
}
