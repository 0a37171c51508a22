import type { Ends } from './lag-data.ts'

/** Of all writes, how many can be read so long after their acknowledgement. */
export interface Share {
  readonly tNs: number
  readonly low: number
  readonly high: number
}

export const sharesOf = (ends: readonly Ends[]): Share[] =>
  timesOf(ends).map((tNs) => ({ tNs, ...visibleBy(ends, tNs) }))

/**
 * Share of writes that can be read so long after their acknowledgement: at least those whose upper end has passed,
 * at most those whose lower end has. A marker that was never seen is not among them, however long.
 */
export function visibleBy(ends: readonly Ends[], tNs: number): { low: number; high: number } {
  const part = (passed: (one: Ends) => boolean): number => ends.filter(passed).length / ends.length
  return {
    low: part(({ upperNs }) => upperNs !== null && upperNs <= tNs),
    high: part(({ lowerNs, upperNs }) => upperNs !== null && (lowerNs ?? 0) <= tNs),
  }
}

/** Times at which the share is told: 1, 2 and 5 of every decade in which anything became visible. */
function timesOf(ends: readonly Ends[]): number[] {
  const uppers = ends.flatMap(({ upperNs }) => (upperNs === null || upperNs === 0 ? [] : [upperNs]))
  if (uppers.length === 0) return []
  const lowers = ends.flatMap(({ lowerNs }) => (lowerNs === null || lowerNs === 0 ? [] : [lowerNs]))
  const [from, to] = [Math.min(...uppers, ...lowers), Math.max(...uppers)]
  const first = Math.floor(Math.log10(from))
  const all = Array.from({ length: Math.ceil(Math.log10(to)) - first + 1 }, (_, n) =>
    [1, 2, 5].map((digit) => Number((digit * 10 ** (first + n)).toPrecision(1))),
  ).flat()
  // From the last one before anything was visible to the first one after everything was.
  const begin = Math.max(
    0,
    all.findLastIndex((tNs) => tNs <= from),
  )
  const end = all.findIndex((tNs) => tNs >= to)
  return all.slice(begin, end === -1 ? undefined : end + 1)
}
