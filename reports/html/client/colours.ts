/// <reference lib="dom" />
import type { Colours } from '../../charts/colours.ts'

/** The colours of the theme that the page shows now, read from its style sheet. */
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
