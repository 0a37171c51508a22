import type { Look } from './looks.ts'

/** The colours of one theme. */
export interface Colours {
  readonly ink: string
  readonly muted: string
  readonly card: string
  readonly grid: string
  readonly gridFine: string
  readonly backends: readonly string[]
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
