/**
 * Bytes that a sample takes at least when each is stored on its own, whatever came before it: the zeroth-order entropy.
 *
 * Where values come again, that of their frequencies. Where most come once (a hundred writes of milliseconds, told in
 * nanoseconds), frequencies only say log2 of the count, and no decoder knows the values beforehand; there it is Vasicek's
 * estimate from the spacings of the sorted values (Journal of the Royal Statistical Society B 38, 1976), which is
 * rather too low than too high.
 */
export function entropyBytes(values: Float64Array): number {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  const once = [...counts.values()].filter((count) => count === 1).length
  const bits = once < values.length * ONCE ? ofFrequencies(counts, values.length) : ofSpacings(values)
  return bits / 8
}

/** Share of values seen once (after Good and Turing, the chance that the next value is a new one) from which frequencies say too little. */
const ONCE = 0.1

function ofFrequencies(counts: ReadonlyMap<number, number>, total: number): number {
  let bits = 0
  for (const count of counts.values()) bits -= (count / total) * Math.log2(count / total)
  return bits
}

function ofSpacings(values: Float64Array): number {
  // A value stands for the nanosecond around it; equal values are spread over theirs.
  const sorted = values.toSorted()
  let first = 0
  for (let n = 1; n <= sorted.length; n += 1) {
    if (n < sorted.length && sorted[n] === sorted[first]) continue
    for (let same = first; same < n; same += 1) sorted[same]! += (same - first + 0.5) / (n - first) - 0.5
    first = n
  }
  const total = sorted.length
  const reach = Math.max(1, Math.round(Math.sqrt(total)))
  let bits = 0
  for (let n = 0; n < total; n += 1) {
    const spacing = sorted[Math.min(total - 1, n + reach)]! - sorted[Math.max(0, n - reach)]!
    bits += Math.log2((total / (2 * reach)) * spacing)
  }
  return bits / total
}
