import type { Random } from '../contract/index.ts'
import { shuffled } from '../contract/index.ts'

/** Series whose neighbours are more alike than this wander, and would never be called steady. */
const LIKEST = 0.9
/** Values that are thrown away until a made series has forgotten where it began. */
const RUN_UP = 50

/** How change points are looked for. All of it is settled before a series is seen. */
export interface ChangeRules {
  /** Chance of a change where there is none, over one series of independent values. */
  readonly alpha: number
  /** Fewest values between two changes. */
  readonly shortest: number
  /** Shuffles that a change has to beat, at most. */
  readonly shuffles: number
}

/**
 * Where a series changes: the first index of every new segment, ascending. E-divisive (Matteson & James, "A nonparametric
 * approach for multiple change point analysis of multivariate data", JASA 109, 2014) with the exponent 1: the split whose
 * two sides lie farthest apart in energy distance counts when hardly any shuffle of the segment can be split as well, and
 * both sides are then searched on. Shuffles end early once they cannot get rare enough any more (Besag & Clifford,
 * Biometrika 78, 1991).
 */
export function changePoints(series: readonly number[], rules: ChangeRules, random: Random): number[] {
  const found: number[] = []
  const search = (from: number, to: number): void => {
    const segment = series.slice(from, to)
    const split = bestSplit(segment, rules.shortest)
    if (split === null || !isRare(segment, split, rules, random)) return
    const at = from + split.at
    search(from, at)
    found.push(at)
    search(at, to)
  }
  search(0, series.length)
  return found
}

interface Split {
  /** First index of the right side. */
  readonly at: number
  /** Where its right side ends. */
  readonly end: number
  readonly strength: number
}

/** Over all splits and all ends of their right side, so that a change that is undone later is still seen. */
function bestSplit(segment: readonly number[], shortest: number): Split | null {
  const n = segment.length
  if (n < 2 * shortest) return null
  const sums = pairSums(segment)
  /** Of all distances between values of [a, b) and of [c, d). */
  const between = (a: number, b: number, c: number, d: number): number =>
    sums[b * (n + 1) + d]! - sums[a * (n + 1) + d]! - sums[b * (n + 1) + c]! + sums[a * (n + 1) + c]!
  let best: Split | null = null
  for (let at = shortest; at <= n - shortest; at += 1) {
    const left = between(0, at, 0, at) / (at * (at - 1))
    for (let end = at + shortest; end <= n; end += 1) {
      const m = end - at
      const across = (2 * between(0, at, at, end)) / (at * m)
      const right = between(at, end, at, end) / (m * (m - 1))
      const strength = ((at * m) / end) * (across - left - right)
      if (best === null || strength > best.strength) best = { at, end, strength }
    }
  }
  return best
}

/** Sums of |a - b| over all pairs of the first i and the first j values, row by row. */
function pairSums(values: readonly number[]): Float64Array {
  const n = values.length
  const sums = new Float64Array((n + 1) * (n + 1))
  for (let i = 1; i <= n; i += 1) {
    let row = 0
    for (let j = 1; j <= n; j += 1) {
      row += Math.abs(values[i - 1]! - values[j - 1]!)
      sums[i * (n + 1) + j] = sums[(i - 1) * (n + 1) + j]! + row
    }
  }
  return sums
}

function isRare(segment: readonly number[], split: Split, rules: ChangeRules, random: Random): boolean {
  const { alpha, shuffles, shortest } = rules
  const allowed = Math.floor(alpha * (shuffles + 1)) - 1
  const likeness = likenessOfNeighbours(segment, split)
  let asStrong = 0
  for (let n = 0; n < shuffles; n += 1) {
    if (bestSplit(reshuffled(segment, likeness, random), shortest)!.strength >= split.strength) asStrong += 1
    if (asStrong > allowed) return false
  }
  return true
}

/**
 * Correlation of neighbours, without what the split itself explains; 0 when there is none. Short series seem less alike
 * than they are, by (1 + 3 rho) / n (Kendall, Biometrika 41, 1954).
 */
function likenessOfNeighbours(segment: readonly number[], { at, end }: Split): number {
  const rest = [segment.slice(0, at), segment.slice(at, end), segment.slice(end)].flatMap((part) => {
    const mean = part.reduce((sum, value) => sum + value, 0) / part.length
    return part.map((value) => value - mean)
  })
  const squares = rest.reduce((sum, value) => sum + value * value, 0)
  if (squares === 0) return 0
  const products = rest.slice(1).reduce((sum, value, n) => sum + value * rest[n]!, 0)
  const rho = products / squares
  return Math.min(LIKEST, Math.max(0, rho + (1 + 3 * rho) / rest.length))
}

/** The same values in another order; where neighbours are alike, what is new in each value, put together as alike again. */
function reshuffled(values: readonly number[], likeness: number, random: Random): number[] {
  if (likeness === 0) return shuffled(values, random)
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const news = values.slice(1).map((value, n) => value - mean - likeness * (values[n]! - mean))
  let value = 0
  const draw = (): number => (value = likeness * value + random.pick(news))
  for (let n = 0; n < RUN_UP; n += 1) draw()
  return values.map(draw)
}
