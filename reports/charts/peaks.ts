/** What counts as a peak of a distribution. */
const PEAK = {
  /** Of all operations, at least so many lie on it ... */
  share: 0.01,
  /** ... and the valley towards every higher one is at most so high. */
  valley: 0.5,
} as const

/** Fewer operations make heaps by chance. */
const FEWEST = 10
/** A valley must be deeper than so many standard deviations of what is counted on the peak. */
const DEVIATIONS = 3

/** Places of the peaks among the bins, ascending. Neighbouring bins are smoothed first, which a coarse clock fills unevenly. */
export function peaksOf(counts: readonly number[]): number[] {
  const smooth = counts.map((count, n) => ((counts[n - 1] ?? 0) + 2 * count + (counts[n + 1] ?? 0)) / 4)
  const total = counts.reduce((sum, count) => sum + count, 0)
  return smooth.flatMap((height, n) => {
    if (height === 0 || height < (smooth[n + 1] ?? 0) || height <= (smooth[n - 1] ?? 0)) return []
    const [left, right] = [slope(smooth, n, -1), slope(smooth, n, 1)]
    const heap = counts.slice(left.end + 1, right.end).reduce((sum, count) => sum + count, 0)
    const highest = Math.max(left.valley, right.valley)
    if (heap < Math.max(FEWEST, PEAK.share * total)) return []
    return highest <= PEAK.valley * height && height - highest >= DEVIATIONS * Math.sqrt(height) ? [top(counts, n)] : []
  })
}

/** Smoothing may have moved it by a bin. */
const top = (counts: readonly number[], near: number): number =>
  [near - 1, near + 1].reduce((best, n) => ((counts[n] ?? 0) > counts[best]! ? n : best), near)

/** Down from a peak until the ground is as high again: where its valley lies and how high. Nothing higher: no valley. */
function slope(heights: readonly number[], from: number, step: 1 | -1): { end: number; valley: number } {
  let [end, valley] = [from, heights[from]!]
  for (let n = from + step; n >= 0 && n < heights.length; n += step) {
    // Of two of the same height, the first is the higher one.
    if (heights[n]! > heights[from]! || (step === -1 && heights[n] === heights[from])) return { end, valley }
    if (heights[n]! < valley) [end, valley] = [n, heights[n]!]
  }
  return { end: step === 1 ? heights.length : -1, valley: 0 }
}
