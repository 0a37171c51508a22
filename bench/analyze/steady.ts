import { hodgesLehmann } from './intervals.ts'

/** When a series of operations counts as steady. */
export const STEADY = {
  /** A window holds so many operations and lasts so long, whichever is more. */
  windowOperations: 1000,
  windowNs: 1e6,
  /**
   * A series that is too short for so many of them gets smaller windows, down to the least of operations. With 100 windows
   * MSER-5 takes one stationary series in ten for unsteady, with 400 one in a hundred (steady.test.ts).
   */
  windows: 400,
  windowLeast: 5,
  /** Windows in a batch: the 5 of MSER-5. */
  batch: 5,
  /** Thirds of a series may differ by so much. */
  thirds: 0.03,
} as const

/** Below, nothing can be said: `steady` is then unknown, which is not the same as false. */
export const LEAST_OPERATIONS = 1000

export interface Steadiness {
  /** Operations before the steady state. */
  readonly cut: number
  /** Operations that the cut is true to: those of one batch. */
  readonly resolution: number
  /** False: the cut lies beyond a third of the series, or the last third differs from the middle one. Longer may help. */
  readonly steady: boolean
}

/**
 * Where a series becomes steady, by MSER-5: batches of five windows are cut off at the front until the standard error of
 * the mean of the rest is least (White, Cobb, Spratt: Winter Simulation Conference 2000; why at all: Barrett et al.,
 * arXiv 1602.00602, and Traini et al., Empirical Software Engineering 2023). A window counts with its median,
 * so that one stall does not look like a warm-up.
 * @param partsNs durations in time order, in pieces
 * @returns null when there are too few operations to tell
 */
export function steadiness(partsNs: readonly Float64Array[]): Steadiness | null {
  const operations = partsNs.reduce((sum, part) => sum + part.length, 0)
  if (operations < LEAST_OPERATIONS) return null
  const size = windowSize(partsNs, operations)
  const windows = windowMedians(partsNs, size, Math.floor(operations / size))
  const cutBatches = mserCut(batchMeans(windows))
  const cut = cutBatches * STEADY.batch
  const third = Math.floor(windows.length / 3)
  const middle = medianOf(windows.slice(third, 2 * third))
  const last = medianOf(windows.slice(2 * third))
  const settled = Math.abs(Math.log(last / middle)) <= Math.log1p(STEADY.thirds)
  return { cut: cut * size, resolution: STEADY.batch * size, steady: settled && cut <= windows.length / 3 }
}

function windowSize(partsNs: readonly Float64Array[], operations: number): number {
  let total = 0
  for (const part of partsNs) for (let n = 0; n < part.length; n += 1) total += part[n]!
  const lasting = Math.ceil((operations * STEADY.windowNs) / Math.max(1, total))
  const fitting = Math.max(STEADY.windowLeast, Math.floor(operations / STEADY.windows))
  return Math.min(Math.max(STEADY.windowOperations, lasting), fitting)
}

/** Medians of windows of this size across the pieces; the rest at the end is left out. */
function windowMedians(partsNs: readonly Float64Array[], size: number, count: number): Float64Array {
  const medians = new Float64Array(count)
  const window = new Float64Array(size)
  let [filled, done] = [0, 0]
  for (const part of partsNs) {
    for (let n = 0; n < part.length && done < count; n += 1) {
      window[filled] = part[n]!
      filled += 1
      if (filled < size) continue
      medians[done] = medianOf(window)
      filled = 0
      done += 1
    }
  }
  return medians
}

/** Sorts in place. A clock that stood still must not make a ratio infinite. */
function medianOf(values: Float64Array): number {
  values.sort()
  const middle = (values.length - 1) / 2
  return Math.max(1, (values[Math.floor(middle)]! + values[Math.ceil(middle)]!) / 2)
}

function batchMeans(windows: Float64Array): number[] {
  return Array.from({ length: Math.floor(windows.length / STEADY.batch) }, (_, batch) => {
    let sum = 0
    for (let n = 0; n < STEADY.batch; n += 1) sum += windows[batch * STEADY.batch + n]!
    return sum / STEADY.batch
  })
}

/**
 * The k <= m / 2 for which S_k / (m - k)^2 is least, S_k being the squared deviations of the last m - k values from their mean.
 * Past the middle so few values remain that they agree by chance.
 */
export function mserCut(values: readonly number[]): number {
  const m = values.length
  // Deviations from the mean of all, so that large values do not swallow small differences.
  const origin = values.reduce((sum, value) => sum + value, 0) / m
  let [sum, squares, best, cut] = [0, 0, Infinity, 0]
  for (let k = m - 1; k >= 0; k -= 1) {
    const value = values[k]! - origin
    sum += value
    squares += value * value
    if (k > m / 2) continue
    const left = m - k
    const score = Math.max(0, squares - (sum * sum) / left) / (left * left)
    if (score > best) continue
    best = score
    cut = k
  }
  return cut
}

/** Operations below which the thirds of a round say nothing. */
const LEAST_FOR_THIRDS = 30

/** Median of the last third of a measurement over that of its first third; null when it has too few operations. */
export function driftRatio(durationsNs: Float64Array): number | null {
  if (durationsNs.length < LEAST_FOR_THIRDS) return null
  const third = Math.floor(durationsNs.length / 3)
  return medianOf(durationsNs.slice(-third)) / medianOf(durationsNs.slice(0, third))
}

/**
 * Whether a cell was measured in its steady state, from its rounds: one round may drift because something else happened on
 * the machine, but what all rounds do alike is the cell's own. `false`: the 95 % interval of the drift within a round lies
 * beyond 3 %, `true`: within; null: too few rounds, or too noisy, to tell. Comparisons owe a `false` cell no verdict.
 */
export function steadyOf(rounds: readonly { readonly driftRatio: number | null }[]): boolean | null {
  const drifts = rounds.flatMap((round) => (round.driftRatio === null ? [] : [Math.log(round.driftRatio)]))
  if (drifts.length === 0) return null
  const { low, high } = hodgesLehmann(drifts)
  if (low === null || high === null) return null
  const limit = Math.log1p(STEADY.thirds)
  if (low > limit || high < -limit) return false
  return low > -limit && high < limit ? true : null
}
