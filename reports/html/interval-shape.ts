import { round } from './round.ts'

export const WIDTH = 150
export const HEIGHT = 26
/** Size of the marker. */
export const DOT = 10
const INSET = 8

export interface Estimate {
  readonly value: number
  readonly low: number | null
  readonly high: number | null
}

export interface IntervalShape {
  /** Paths: a line at each power of ten, and the interval, empty where there is none. */
  readonly decades: string
  readonly whisker: string
  /** Middle of the marker. */
  readonly x: number
}

/** The drawing of an estimate on a logarithmic scale, for the page and for its script. Null for what has no logarithm. */
export function intervalShape(
  { value, low, high }: Estimate,
  range: { readonly low: number; readonly high: number },
): IntervalShape | null {
  if (!(value > 0)) return null
  const from = Math.log10(range.low)
  const span = Math.max(Math.log10(range.high) - from, 0.05)
  const x = (at: number): number => round(INSET + ((Math.log10(at) - from) / span) * (WIDTH - 2 * INSET))
  const first = Math.ceil(from - 1e-9)
  const decades = Array.from(
    { length: Math.max(0, Math.floor(from + span + 1e-9) - first + 1) },
    (_, index) => first + index,
  )
  const y = HEIGHT / 2
  const hasInterval = low !== null && high !== null && low > 0
  return {
    decades: decades.map((decade) => `M${x(10 ** decade)} 3V${HEIGHT - 3}`).join(''),
    // Caps stand above the dot, so that an interval narrower than the dot can still be seen.
    whisker: hasInterval ? `M${x(low)} ${y}H${x(high)}M${x(low)} ${y - 9}V${y + 9}M${x(high)} ${y - 9}V${y + 9}` : '',
    x: x(value),
  }
}

/** The range that holds all estimates and their intervals. */
export function commonRange(estimates: readonly Estimate[]): { low: number; high: number } {
  const all = estimates
    .flatMap(({ value, low, high }) => [value, low, high])
    .filter((one): one is number => one !== null && one > 0)
  return all.length === 0 ? { low: 1, high: 10 } : { low: Math.min(...all), high: Math.max(...all) }
}
