/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Look } from '../looks.ts'

/** The colours of the theme that the page shows now, read from its style sheet. */
export interface Colours {
  readonly ink: string
  readonly muted: string
  readonly card: string
  readonly grid: string
  readonly gridFine: string
  readonly backends: readonly string[]
}

export function coloursNow(): Colours {
  const style = getComputedStyle(document.documentElement)
  const value = (name: string): string => style.getPropertyValue(`--${name}`).trim()
  return {
    ink: value('ink'),
    muted: value('muted'),
    card: value('card'),
    grid: value('grid'),
    gridFine: value('grid-fine'),
    backends: [0, 1, 2, 3, 4, 5].map((index) => value(`s${index}`)),
  }
}

export function colourOf(colours: Colours, look: Look): string {
  return look.colour === null ? colours.muted : (colours.backends[look.colour] ?? colours.ink)
}

/** `#RRGGBB` with an alpha. */
export function faint(colour: string, alpha: number): string {
  return (
    colour +
    Math.round(alpha * 255)
      .toString(16)
      .padStart(2, '0')
  )
}

/** Chart.js's words for a marker. */
export function pointOf(look: Look): { pointStyle: string; rotation: number } {
  return look.point === 'triangleDown'
    ? { pointStyle: 'triangle', rotation: 180 }
    : { pointStyle: look.point, rotation: 0 }
}
