import { namedDistances } from '../../bench/contract/index.ts'
import { rttSteps } from '../charts/rtt-steps.ts'
import { tick } from '../format.ts'
import type { View } from '../view.ts'
import type { Content } from './markup.ts'
import { html } from './markup.ts'

/** Whether some backend has a law by which it can be moved. */
export const canMove = (view: View): boolean =>
  view.run.distance?.laws.some(({ outcome }) => outcome === 'fitted') === true

/** Moves every database that has a law away from the application. Stands at more than one place; all show the same. */
export function distanceControl(view: View, place: string): Content {
  if (!canMove(view)) return null
  const steps = rttSteps(Object.values(namedDistances).map(({ rttMs }) => rttMs))
  return html`<div class="controls distance scripted">
    <label for="rtt-${place}">Move the database away</label>
    <input
      type="range"
      id="rtt-${place}"
      data-rtt
      min="0"
      max="${steps.length - 1}"
      value="0"
      aria-valuetext="as measured"
    />
    <output for="rtt-${place}" data-rtt-said>as measured</output>
    <button type="button" class="button" data-rtt-ms="0" disabled>Reset</button>
    <div class="chips" role="group" aria-label="Distances with a name">
      ${Object.entries(namedDistances)
        .filter(([, { rttMs }]) => rttMs > 0)
        .map(
          ([name, { rttMs, title }]) =>
            html`<button type="button" class="chip" aria-pressed="false" data-rtt-ms="${rttMs}" title="${title}">
              ${name} ${tick(rttMs * 1e6)}
            </button>`,
        )}
    </div>
  </div>`
}

/** Room for what the script says of the chosen distance. */
export function movedNote(view: View, about: 'chosen' | 'all'): Content {
  return canMove(view) ? html`<p class="note" data-moved="${about}" hidden></p>` : null
}
