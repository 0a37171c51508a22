import type { Markup } from './markup.ts'
import { html, trusted } from './markup.ts'
import type { Look, Point } from '../charts/looks.ts'
import { lookAt } from '../charts/looks.ts'
import { round } from './round.ts'

/** Marker outlines around (0, 0), about 10 across. */
const SHAPES: Readonly<Record<Point, string>> = {
  circle: '<circle r="4.4"/>',
  triangle: '<path d="M0 -5 5.2 4.4H-5.2Z"/>',
  triangleDown: '<path d="M0 5 5.2 -4.4H-5.2Z"/>',
  rectRot: '<path d="M0 -5.4 5.4 0 0 5.4-5.4 0Z"/>',
  rect: '<path d="M-4.2 -4.2H4.2V4.2H-4.2Z"/>',
  star: '<path class="strokes" d="M-4 -4 4 4M4 -4-4 4M0 -5.5V5.5M-5.5 0H5.5"/>',
}

/** All markers once, alone and on their line; everything below refers to them, which keeps a page of hundreds of rows small. */
export function sprite(): Markup {
  const dashOf = new Map(Array.from({ length: 6 }, (_, place) => lookAt(place)).map(({ point, dash }) => [point, dash]))
  return html`<svg class="unseen sprite" aria-hidden="true" width="0" height="0">
    ${Object.entries(SHAPES).map(
      ([point, shape]) =>
        html`<symbol id="mark-${point}" viewBox="-6 -6 12 12" overflow="visible">${trusted(shape)}</symbol>`,
    )}${[...dashOf].map(
      ([point, dash]) =>
        html`<symbol id="line-${point}" viewBox="0 0 28 12" overflow="visible">
          <path
            d="M0 6H28"
            stroke="currentColor"
            stroke-width="2"
            ${dash.length === 0 ? null : html` stroke-dasharray="${dash.map((length) => round(length * 0.7)).join(' ')}"`}
          />
          <use href="#mark-${point}" x="8" width="12" height="12" />
        </symbol>`,
    )}
  </svg>`
}

/** The line and marker of a backend, drawn for legends, chips and tables. Says nothing to a screen reader. */
export function swatch(look: Look): Markup {
  return html`<svg class="swatch ${paint(look)}" aria-hidden="true"><use href="#line-${look.point}" /></svg>`
}

/** A marker around a point. */
export function marker(look: Look, x: number, y: number, size: number): Markup {
  return html`<use
    href="#mark-${look.point}"
    x="${round(x - size / 2)}"
    y="${round(y - size / 2)}"
    width="${size}"
    height="${size}"
  />`
}

/** Classes that colour a drawing in either theme. */
export function paint(look: Look): string {
  return `c${look.colour ?? 'x'}${look.hollow ? ' hollow' : ''}`
}
