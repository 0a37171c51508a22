import type { Look } from '../charts/looks.ts'
import type { Estimate } from './interval-shape.ts'
import { DOT, HEIGHT, WIDTH, intervalShape } from './interval-shape.ts'
import type { Markup } from './markup.ts'
import { html } from './markup.ts'
import { marker, paint } from './swatch.ts'

/** A dot and its interval on a logarithmic scale that all rows of a table share. A line marks each power of ten. */
export function intervalFigure(
  look: Look,
  estimate: Estimate,
  range: { readonly low: number; readonly high: number },
): Markup {
  const shape = intervalShape(estimate, range)
  if (shape === null) return html``
  const { decades, whisker, x } = shape
  return html`<svg class="interval ${paint(look)}" viewBox="0 0 ${WIDTH} ${HEIGHT}" aria-hidden="true">
    <path class="decade" d="${decades}" />
    <path class="whisker" d="${whisker}" />
    ${marker(look, x, HEIGHT / 2, DOT)}
  </svg>`
}
