/** Bins a decade: each is 10 % wide, narrow enough to show two modes that differ by a fifth. */
const BINS_PER_DECADE = 24

/** Up to 10^13 ns, which is nearly three hours. */
const DECADES = 13

/** Counts by log10 of the latency. Latencies under 1 ns count as 1 ns. */
export function histogram(
  parts: readonly Float64Array[],
  binsPerDecade: number = BINS_PER_DECADE,
): { firstBin: number; counts: number[] } {
  const bins = new Float64Array(binsPerDecade * DECADES)
  for (const part of parts) {
    for (let n = 0; n < part.length; n += 1) {
      const bin = Math.floor(Math.log10(Math.max(1, part[n]!)) * binsPerDecade)
      bins[Math.min(bin, bins.length - 1)]! += 1
    }
  }
  const firstBin = bins.findIndex((count) => count > 0)
  const lastBin = bins.findLastIndex((count) => count > 0)
  return { firstBin: Math.max(0, firstBin), counts: firstBin < 0 ? [] : [...bins.subarray(firstBin, lastBin + 1)] }
}
