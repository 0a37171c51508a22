/** Coordinates with two decimals, so that equal input gives equal bytes. */
export function round(value: number): number {
  return Math.round(value * 100) / 100
}
