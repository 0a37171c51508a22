/**
 * The quantile of type 7 (Hyndman and Fan 1996), written once more in the plainest way, so that the one of
 * bench/analyze has something to be held against.
 * @param sorted ascending
 */
export function plainQuantile(sorted: Float64Array, p: number): number {
  const place = (sorted.length - 1) * p
  const below = sorted[Math.floor(place)]!
  const above = sorted[Math.ceil(place)]!
  return below + (above - below) * (place % 1)
}

export const ascending = (values: Float64Array): Float64Array => values.toSorted()
