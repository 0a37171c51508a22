import type { Markup } from './markup.ts'
import { html } from './markup.ts'
import type { Look } from '../charts/looks.ts'
import { marker, paint, round } from './swatch.ts'

const WIDTH = 150
const HEIGHT = 26
const INSET = 8

/** A dot and its interval on a logarithmic scale that all rows of a table share. A line marks each power of ten. */
export function intervalFigure(
  look: Look,
  estimate: { readonly value: number; readonly low: number | null; readonly high: number | null },
  range: { readonly low: number; readonly high: number },
): Markup {
  const from = Math.log10(range.low)
  const span = Math.max(Math.log10(range.high) - from, 0.05)
  const x = (value: number): number => round(INSET + ((Math.log10(value) - from) / span) * (WIDTH - 2 * INSET))
  const first = Math.ceil(from - 1e-9)
  const decades = Array.from(
    { length: Math.max(0, Math.floor(from + span + 1e-9) - first + 1) },
    (_, index) => first + index,
  )
  const y = HEIGHT / 2
  const { value, low, high } = estimate
  if (!(value > 0)) return html``
  // Caps stand above the dot, so that an interval narrower than the dot can still be seen.
  const whisker =
    low === null || high === null || !(low > 0)
      ? null
      : html`<path d="M${x(low)} ${y}H${x(high)}M${x(low)} ${y - 9}V${y + 9}M${x(high)} ${y - 9}V${y + 9}" />`
  const lines = decades.map((decade) => `M${x(10 ** decade)} 3V${HEIGHT - 3}`).join('')
  return html`<svg class="interval ${paint(look)}" viewBox="0 0 ${WIDTH} ${HEIGHT}" aria-hidden="true">
    <path class="decade" d="${lines}" />
    ${whisker}${marker(look, x(value), y, 10)}
  </svg>`
}

/** The range that holds all estimates and their intervals. */
export function commonRange(
  estimates: readonly { readonly value: number; readonly low: number | null; readonly high: number | null }[],
): {
  low: number
  high: number
} {
  const all = estimates
    .flatMap(({ value, low, high }) => [value, low, high])
    .filter((one): one is number => one !== null && one > 0)
  return all.length === 0 ? { low: 1, high: 10 } : { low: Math.min(...all), high: Math.max(...all) }
}
