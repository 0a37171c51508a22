/** Upper ends of the bins of a ratio; bin 0 is the best of a row. */
export const BINS = [1.5, 3, 10, 100, 1e3, 1e4] as const

/** 1 ... 7: how far behind the best. */
export function bin(value: number): number {
  const found = BINS.findIndex((end) => value <= end)
  return (found === -1 ? BINS.length : found) + 1
}
