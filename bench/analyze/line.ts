import type { Interval } from './intervals.ts'
import { hodgesLehmann } from './intervals.ts'

/** One distance: its round trip and the latency there. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** y = intercept + slope x. */
export interface Line {
  readonly slope: number
  readonly intercept: number
}

/** Where half of the weight lies on either side; the mean of the two middle values where it splits evenly. */
export function weightedMedian(items: readonly { readonly value: number; readonly weight: number }[]): number {
  const sorted = items.filter(({ weight }) => weight > 0).toSorted((a, b) => a.value - b.value)
  if (sorted.length === 0) throw new RangeError('no values, so no median')
  const half = sorted.reduce((sum, { weight }) => sum + weight, 0) / 2
  let below = 0
  for (const [n, { value, weight }] of sorted.entries()) {
    below += weight
    if (Math.abs(below - half) <= half * 1e-12) return (value + (sorted[n + 1]?.value ?? value)) / 2
    if (below > half) return value
  }
  return sorted.at(-1)!.value
}

/**
 * The slope of Theil (1950) and Sen (JASA 63, 1968): the median of the slopes of all pairs, here weighted by how far apart
 * the pairs are (Sievers, JASA 73, 1978; Scholz, Annals of Statistics 6, 1978), because a pair of near distances says
 * little of the slope and much of the noise. Null without two different x.
 */
export function robustSlope(points: readonly Point[]): number | null {
  const pairs = points.flatMap((a, n) =>
    points
      .slice(n + 1)
      .filter(({ x }) => x !== a.x)
      .map((b) => ({ value: (b.y - a.y) / (b.x - a.x), weight: Math.abs(b.x - a.x) })),
  )
  return pairs.length === 0 ? null : weightedMedian(pairs)
}

/**
 * The intercept that belongs to a slope: the median of what is left of each point, weighted by 1/y. Errors of latencies grow
 * with them, so the near points know best what is left without distance. The nearest has more than half of the weight
 * wherever latency grows fast with the distance, and decides alone then: its y less slope times its x. No interval is told.
 */
export function robustIntercept(points: readonly Point[], slope: number): number {
  return weightedMedian(points.map(({ x, y }) => ({ value: y - slope * x, weight: 1 / y })))
}

/**
 * One slope a repetition, each a series of fresh processes of its own, then their Hodges-Lehmann estimate and exact interval:
 * the unit of replication is what it is for every other figure. Null without a repetition that has two distances.
 */
export function slopeOf(repetitions: readonly (readonly Point[])[]): Interval | null {
  const slopes = repetitions.map(robustSlope).filter((slope) => slope !== null)
  return slopes.length === 0 ? null : hodgesLehmann(slopes)
}
