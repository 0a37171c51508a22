import type { View } from '../view.ts'
import { placeOf } from '../view.ts'
import { nameOf } from './frame.ts'
import type { Markup } from './markup.ts'
import { html } from './markup.ts'

/** Backends with their line and marker. */
export function legend(view: View, ids: readonly string[] = view.backends.map(({ id }) => id)): Markup {
  return html`<ul class="legend">
    ${ids.map((id) => html`<li data-backend="${placeOf(view, id)}">${nameOf(view, id, null, null)}</li>`)}
  </ul>`
}
