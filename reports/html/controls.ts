import type { View } from '../view.ts'
import { placeOf } from '../view.ts'
import { lookOf } from './frame.ts'
import type { Content, Markup } from './markup.ts'
import { html } from './markup.ts'
import { swatch } from './swatch.ts'

/** Which scenario and which backends all views show. */
export function controls(view: View): Markup {
  return html`<div class="controls scripted">
    <label for="scenario">Scenario</label>
    <select id="scenario">
      ${view.scenarios.map((scenario, index) => html`<option value="${index}">${scenario.title}</option>`)}
    </select>
    <div class="chips" role="group" aria-label="Backends shown">
      ${view.backends.map(
        ({ id }) =>
          html`<button type="button" class="chip" aria-pressed="true" data-chip="${placeOf(view, id)}">
            ${swatch(lookOf(view, id))}<span>${view.short(id)}</span>
          </button>`,
      )}
    </div>
  </div>`
}

/** Room for a chart. It is drawn by script only; its numbers stand in a table of the same section. */
export function plot(options: {
  readonly id: string
  readonly title: string
  readonly about: Content
  readonly after?: Content
  /** It shows all scenarios together, so it does not name the chosen one. */
  readonly wholeRun?: boolean
}): Markup {
  return html`<figure class="card scripted" id="figure-${options.id}">
    <figcaption>
      <h3>${options.title}${options.wholeRun === true ? null : html`<span class="chosen" data-chosen></span>`}</h3>
      <p>${options.about}</p>
    </figcaption>
    <div class="plot">
      <canvas id="chart-${options.id}" role="img" tabindex="0" aria-label="${options.title}"></canvas>
    </div>
    <p class="empty" hidden>No chosen backend has a result here.</p>
    ${options.after ?? null}
  </figure>`
}
