/**
 * The quantiles of bench/analyze written once more in another way, so that those have something to be held against:
 * type 7 (Hyndman and Fan 1996) from 1,000 values on, below that the trimmed Harrell-Davis estimator (arXiv 2111.11776).
 * @param sorted ascending
 */
export function plainQuantile(sorted: Float64Array, p: number): number {
  if (sorted.length < 1000) return plainHarrellDavis(sorted, p)
  const place = (sorted.length - 1) * p
  const below = sorted[Math.floor(place)]!
  const above = sorted[Math.ceil(place)]!
  return below + (above - below) * (place % 1)
}

export const ascending = (values: Float64Array): Float64Array => values.toSorted()

/** Two ways of computing the same weights agree to about eight digits; a rank that is off by one shows in the third. */
export const REFERENCE_SLACK = 1e-6

/** By the cumulative distribution, where bench/analyze integrates the density. */
function plainHarrellDavis(sorted: Float64Array, p: number): number {
  const n = sorted.length
  if (n === 1 || p <= 0) return sorted[0]!
  if (p >= 1) return sorted[n - 1]!
  const below = betaBelow((n + 1) * p, (n + 1) * (1 - p))
  const width = 1 / Math.sqrt(n)
  const left = densest((from) => below(from + width) - below(from), 1 - width)
  const inside = (x: number): number => Math.min(Math.max(x, left), left + width)
  let [sum, weights] = [0, 0]
  for (let index = 0; index < n; index += 1) {
    const weight = below(inside((index + 1) / n)) - below(inside(index / n))
    sum += weight * sorted[index]!
    weights += weight
  }
  return sum / weights
}

/** Where a function of one peak is largest, in [0, most]: a coarse look, and then the golden section. */
function densest(mass: (from: number) => number, most: number): number {
  const steps = 2000
  let best = 0
  for (let step = 1; step <= steps; step += 1) {
    if (mass((most * step) / steps) > mass((most * best) / steps)) best = step
  }
  let [low, high] = [(most * Math.max(0, best - 1)) / steps, (most * Math.min(steps, best + 1)) / steps]
  const golden = (Math.sqrt(5) - 1) / 2
  for (let turn = 0; turn < 60; turn += 1) {
    const [a, b] = [high - golden * (high - low), low + golden * (high - low)]
    if (mass(a) < mass(b)) low = a
    else high = b
  }
  const ends = [0, (low + high) / 2, most]
  return ends.reduce((chosen, end) => (mass(end) > mass(chosen) ? end : chosen))
}

/** P(X <= x) of Beta(alpha, beta), by its continued fraction (Abramowitz and Stegun 26.5.8). */
function betaBelow(alpha: number, beta: number): (x: number) => number {
  const scale = logGamma(alpha + beta) - logGamma(alpha) - logGamma(beta)
  const tail = (x: number, a: number, b: number): number =>
    (Math.exp(scale + a * Math.log(x) + b * Math.log1p(-x)) * fraction(x, a, b)) / a
  return (x) => {
    if (x <= 0) return 0
    if (x >= 1) return 1
    return x < (alpha + 1) / (alpha + beta + 2) ? tail(x, alpha, beta) : 1 - tail(1 - x, beta, alpha)
  }
}

/** From its innermost term outwards. */
function fraction(x: number, a: number, b: number): number {
  let value = 1
  for (let m = 300; m >= 1; m -= 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    value = 1 + even / value
    const k = m - 1
    const odd = (-(a + k) * (a + b + k) * x) / ((a + 2 * k) * (a + 2 * k + 1))
    value = 1 + odd / value
  }
  return 1 / value
}

/** Stirling's series, from 12 on; below, by the recurrence of the gamma function. */
function logGamma(x: number): number {
  if (x < 12) return logGamma(x + 1) - Math.log(x)
  const square = x * x
  const series = (1 / 12 - (1 / 360 - (1 / 1260 - 1 / (1680 * square)) / square) / square) / x
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series
}
