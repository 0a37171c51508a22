/**
 * Quantile of few values by the trimmed Harrell-Davis estimator with a highest-density interval of width 1 / sqrt(n)
 * (Akinshin, arXiv 2111.11776): a mean of the order statistics near the rank, weighted with the density of
 * Beta((n + 1) p, (n + 1)(1 - p)). It varies less from sample to sample than one or two order statistics do,
 * and the trimming keeps an outlier at one end from reaching a quantile at the other.
 * @param sorted ascending, not empty
 */
export function trimmedHarrellDavis(sorted: Float64Array, p: number): number {
  const n = sorted.length
  if (n === 1 || p <= 0) return sorted[0]!
  if (p >= 1) return sorted[n - 1]!
  const [alpha, beta] = [(n + 1) * p, (n + 1) * (1 - p)]
  // A density that is infinite at 1 is turned round, so that it is infinite at 0, where numbers are dense enough for it.
  return beta < 1
    ? -weighted((index) => -sorted[n - 1 - index]!, n, beta, alpha)
    : weighted((index) => sorted[index]!, n, alpha, beta)
}

/** The highest rank (from 0) that has a weight in the quantile of `n` values. */
export function highestRank(n: number, p: number): number {
  if (n === 1 || p <= 0) return 0
  const [alpha, beta] = [(n + 1) * p, (n + 1) * (1 - p)]
  if (p >= 1 || beta < 1) return n - 1
  const right = densestInterval(alpha, beta, 1 / Math.sqrt(n)) + 1 / Math.sqrt(n)
  return Math.min(n, Math.ceil(right * n)) - 1
}

function weighted(value: (index: number) => number, n: number, alpha: number, beta: number): number {
  const width = 1 / Math.sqrt(n)
  const left = densestInterval(alpha, beta, width)
  const right = left + width
  // Below 1, nearly everything lies next to 0. In u = x^alpha it is spread out.
  const stretch = Math.min(1, alpha)
  const scale = logDensity(left + width / 2, alpha, beta)
  const density = (u: number): number =>
    alpha < 1 ? Math.exp((beta - 1) * Math.log1p(-(u ** (1 / alpha)))) : Math.exp(logDensity(u, alpha, beta) - scale)
  const first = Math.floor(left * n)
  const last = Math.min(n, Math.ceil(right * n))
  // Relative to one of them, so that values that are all alike give exactly that.
  const origin = value(first)
  let [sum, weights] = [0, 0]
  for (let index = first; index < last; index += 1) {
    const [from, to] = [Math.max(left, index / n), Math.min(right, (index + 1) / n)]
    const weight = integral(density, from ** stretch, to ** stretch)
    sum += weight * (value(index) - origin)
    weights += weight
  }
  return origin + sum / weights
}

/** Without its constant, which every weight has in common. */
const logDensity = (x: number, alpha: number, beta: number): number =>
  (alpha - 1) * Math.log(x) + (beta - 1) * Math.log1p(-x)

/** Left end of the interval of this width that holds most of the distribution: the density is the same at both of its ends. */
function densestInterval(alpha: number, beta: number, width: number): number {
  if (alpha <= 1) return 0
  if (beta <= 1) return 1 - width
  const mode = (alpha - 1) / (alpha + beta - 2)
  let [low, high] = [Math.max(0, mode - width), Math.min(mode, 1 - width)]
  for (let step = 0; step < BISECTIONS; step += 1) {
    const middle = (low + high) / 2
    if (logDensity(middle, alpha, beta) < logDensity(middle + width, alpha, beta)) low = middle
    else high = middle
  }
  return (low + high) / 2
}

const BISECTIONS = 50

/** Positions in (0, 1) and weights of the double exponential rule (Takahasi & Mori 1974), which does not mind an infinite end. */
const NODES = Array.from({ length: 61 }, (_, n) => {
  const t = (n - 30) / 9
  const u = (Math.PI / 2) * Math.sinh(t)
  return { at: 1 / (1 + Math.exp(-2 * u)), weight: Math.cosh(t) / Math.cosh(u) ** 2 }
})

function integral(density: (x: number) => number, from: number, to: number): number {
  if (to <= from) return 0
  let sum = 0
  for (const { at, weight } of NODES) {
    const x = from + (to - from) * at
    if (x > 0 && x < 1) sum += weight * density(x)
  }
  return sum * (to - from)
}
