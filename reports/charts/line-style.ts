import type { Colours } from './colours.ts'
import { colourOf, pointOf } from './colours.ts'
import type { Look } from './looks.ts'

/** How the line of a backend is drawn in every chart. */
export function lineStyle(look: Look, colours: Colours): object {
  const colour = colourOf(colours, look)
  const { pointStyle, rotation } = pointOf(look)
  return {
    borderColor: colour,
    borderDash: look.dash,
    borderWidth: 2.2,
    pointStyle,
    pointRotation: rotation,
    pointRadius: 4,
    pointHoverRadius: 7,
    pointBackgroundColor: look.hollow ? colours.card : colour,
    pointBorderColor: colour,
    tension: 0,
  }
}
