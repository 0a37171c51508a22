/** Milliseconds of round trip that the control can choose: 0, then ten steps a decade, and every distance with a name. */
export function rttSteps(namedMs: readonly number[]): number[] {
  const decades = Array.from({ length: 35 }, (_, n) => Number((0.1 * 10 ** (n / 10)).toPrecision(2)))
  const all = [0, ...decades, 20, 30, 60, 300, ...namedMs]
  return [...new Set(all)].filter((ms) => ms <= FARTHEST_MS).toSorted((a, b) => a - b)
}

/** Nobody on Earth is farther from a database by cable than this, or not by much. */
export const FARTHEST_MS = 300
