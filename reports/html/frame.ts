import type { Look } from '../charts/looks.ts'
import { lookAt } from '../charts/looks.ts'
import type { View } from '../view.ts'
import { placeOf } from '../view.ts'

import type { Content, Markup } from './markup.ts'
import { html } from './markup.ts'
import { swatch } from './swatch.ts'

/** A section with its heading, which is its own link. The order of sections is the order of the navigation. */
export interface Section {
  readonly id: string
  /** For the navigation. */
  readonly label: string
  readonly title: string
  readonly about: Content
  readonly body: Content
}

export function section({ id, title, about, body }: Section): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title"><a href="#${id}">${title}</a></h2>
    <p class="about">${withCode(about)}</p>
    ${body}
  </section> `
}

export function lookOf(view: View, backend: string): Look {
  return lookAt(Math.max(0, placeOf(view, backend)))
}

/** Swatch, name and letters, with a line below. */
export function nameOf(view: View, backend: string, below: Content, marks: Content): Markup {
  return html`<span class="name"
    >${swatch(lookOf(view, backend))}<span
      >${view.title(backend)}${marks}${below === null ? null : html`<span class="below">${below}</span>`}</span
    ></span
  >`
}

/** Letters that lead to their caveats. */
export function letters(those: readonly string[]): Markup | null {
  if (those.length === 0) return null
  return html`<sup class="letters"
    >${those.map((letter) => html`<a href="#caveat-${letter}" aria-label="caveat ${letter}">${letter}</a>`)}</sup
  >`
}

/** What the letters beside the cells leave out: caveats on every figure. */
export function generalLetters(view: View): Content {
  return view.general.length === 0 ? null : html`<p class="general">On the whole run: ${letters(view.general)}</p>`
}

export function note(content: Content): Markup {
  return html`<p class="note">${withCode(content)}</p>`
}

/** Texts of our own are shared with Markdown and the terminal, where backticks mark what can be typed. */
function withCode(content: Content): Content {
  if (typeof content !== 'string') return content
  return content.split('`').map((part, n) => (n % 2 === 1 ? html`<code>${part}</code>` : part))
}

/** Terms and texts. */
export function entries(items: readonly (readonly [term: string, text: Content])[]): Markup {
  return html`<dl class="entries">
    ${items.map(
      ([term, text]) =>
        html`<dt>${term}</dt>
          <dd>${text}</dd> `,
    )}
  </dl>`
}
