import type { Estimates, MarkerTrace, RoundTimeline } from '../../bench/contract/index.ts'
import { seededRandom } from '../../bench/contract/index.ts'

const SLICES = 24

/** Counts of a lognormal of that median, and a few slow ones far to its right. They sum up to `operations`. */
export function inventedBins(
  medianNs: number,
  sigma: number,
  operations: number,
  binsPerDecade: number,
): Estimates['histogram'] {
  const middle = Math.log10(medianNs) * binsPerDecade
  const width = Math.max(0.4, (sigma / Math.LN10) * binsPerDecade)
  const firstBin = Math.max(0, Math.floor(middle - 3 * width))
  const bins = Math.ceil(6 * width) + binsPerDecade
  const counts = Array.from({ length: bins }, (_, n) =>
    Math.floor(
      operations * 0.4 * Math.exp(-0.5 * ((firstBin + n + 0.5 - middle) / width) ** 2) * Math.min(1, 1 / width),
    ),
  )
  if (operations > 1000) counts[bins - 1] = 2
  counts[Math.max(0, Math.floor(middle) - firstBin)]! += operations - counts.reduce((sum, count) => sum + count, 0)
  return { firstBin, counts }
}

/** Rounds in slices; in the second slice of the first round nothing began, as beside a stall. */
export function inventedTimeline(
  mediansNs: readonly number[],
  sigma: number,
  perRound: number,
): readonly RoundTimeline[] {
  const slices = Math.min(perRound, Math.max(1, Math.floor(SLICES / mediansNs.length)))
  return mediansNs.map((medianNs, repetition) => ({
    repetition,
    sliceNs: Math.round((perRound * medianNs) / slices),
    slices: Array.from({ length: slices }, (_, slice) => {
      const own = Math.floor(perRound / slices) + (slice === 0 ? perRound % slices : 0)
      const stalled = repetition === 0 && slice === 1
      return stalled ? { firstBin: 0, counts: [] } : inventedBins(medianNs, sigma, own, 12)
    }),
  }))
}

/** Markers around a lag: two of them never seen, three seen by the first poll, some before their acknowledgement. */
export function inventedTrace(ms: number, markers: number): MarkerTrace {
  const random = seededRandom('trace', ms)
  const at = Array.from({ length: markers }, (_, n) => n * 31e6 + random.integer(20_000_000))
  const points = at.map(() => Math.round(ms * 1e6 * Math.exp((random.real() - 0.5) * 1.4)))
  return {
    sentNs: at.map((ns) => ns - at[0]!),
    lowerNs: points.map((ns, n) => (n % 67 === 4 ? null : n % 9 === 0 ? 0 : Math.round(ns * 0.85))),
    upperNs: points.map((ns, n) => (n % 90 === 89 ? null : Math.round(ns * 1.16))),
  }
}
