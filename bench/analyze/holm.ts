/**
 * Holm's step-down adjustment (Scandinavian Journal of Statistics 6, 1979): with these p, testing all of them at alpha
 * finds anything where nothing is with a probability of alpha at most, however they depend on one another.
 * @returns adjusted p in the order given
 */
export function holm(ps: readonly number[]): number[] {
  const adjusted = ps.map(() => 1)
  let largest = 0
  const order = ps.map((_, n) => n).toSorted((a, b) => ps[a]! - ps[b]!)
  for (const [rank, n] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (ps.length - rank) * ps[n]!))
    adjusted[n] = largest
  }
  return adjusted
}
