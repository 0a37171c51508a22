import { moment } from '../format.ts'
import { ranOn } from '../method.ts'
import type { View } from '../view.ts'
import { movedNote } from './distance-control.ts'
import type { Markup } from './markup.ts'
import { html } from './markup.ts'

/** What goes with a figure wherever it is shown alone (`#embed=ladder`): run, machine, and every caveat by its title. */
export function embedFoot(view: View): Markup {
  const { run } = view
  return html`<div id="embed-foot" hidden>
    ${movedNote(view, 'chosen')}
    <p>sqlatency, run ${run.id}, ${moment(run.startedAt)}, ${ranOn(run)}.</p>
    ${view.notes.length === 0 ? null : html`<p>${view.notes.map(({ letter, title }) => html`<b>${letter}</b> ${title} `)}</p>`}
  </div>`
}
