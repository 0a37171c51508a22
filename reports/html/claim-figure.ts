import type { Look } from '../charts/looks.ts'
import type { Markup } from './markup.ts'
import { html } from './markup.ts'
import { round } from './round.ts'
import { marker, paint } from './swatch.ts'

const WIDTH = 150
const HEIGHT = 26
const INSET = 8

/**
 * A measured value and its interval beside the band that is claimed, on a logarithmic scale of their own: claims differ in
 * unit. An open end of the band leaves the picture. Nothing where a zero would have to be drawn.
 */
export function claimFigure(
  look: Look,
  measured: { readonly value: number; readonly low: number | null; readonly high: number | null },
  claimed: { readonly low: number; readonly high: number },
): Markup {
  const ends = [measured.value, measured.low, measured.high, claimed.low, claimed.high].filter(
    (one): one is number => one !== null && one > 0 && Number.isFinite(one),
  )
  if (!(measured.value > 0) || !Number.isFinite(measured.value) || claimed.high <= 0) return html``
  // A third of a decade around everything, so that a band with an open end can be seen.
  const from = Math.log10(Math.min(...ends)) - 1 / 3
  const to = Math.log10(Math.max(...ends)) + 1 / 3
  const x = (value: number): number =>
    round(INSET + Math.min(1, Math.max(0, (Math.log10(value) - from) / (to - from))) * (WIDTH - 2 * INSET))
  const left = claimed.low > 0 ? x(claimed.low) : 0
  const right = Number.isFinite(claimed.high) ? x(claimed.high) : WIDTH
  const y = HEIGHT / 2
  const { value, low, high } = measured
  const whisker =
    low === null || high === null || !(low > 0) || !Number.isFinite(high)
      ? null
      : html`<path d="M${x(low)} ${y}H${x(high)}M${x(low)} ${y - 9}V${y + 9}M${x(high)} ${y - 9}V${y + 9}" />`
  return html`<svg class="interval ${paint(look)}" viewBox="0 0 ${WIDTH} ${HEIGHT}" aria-hidden="true">
    <path
      class="decade"
      d="${decades(from, to)
        .map((decade) => `M${x(10 ** decade)} 3V${HEIGHT - 3}`)
        .join('')}"
    />
    <path class="claimed" d="M${left} ${y - 7}H${right}V${y + 7}H${left}Z" />
    ${whisker}${marker(look, x(value), y, 10)}
  </svg>`
}

function decades(from: number, to: number): number[] {
  const first = Math.ceil(from)
  return Array.from({ length: Math.max(0, Math.floor(to) - first + 1) }, (_, index) => first + index)
}
