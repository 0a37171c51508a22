import type { ScenarioFacts } from '../../bench/contract/index.ts'
import { curvesOf, kneeText, LOAD_ABOUT, LOAD_HEADS, loadCells } from '../load.ts'
import type { View } from '../view.ts'
import { placeOf } from '../view.ts'
import { plot } from './controls.ts'
import type { Section } from './frame.ts'
import { generalLetters, nameOf, note } from './frame.ts'
import { legend } from './legend.ts'
import type { Content } from './markup.ts'
import { html } from './markup.ts'
import { table } from './table.ts'

/** Open loops: what waiting adds to the time that a database takes. */
export function underLoad(view: View): Section {
  return {
    id: 'load',
    label: 'Load',
    title: 'Under load',
    about: view.loads.length === 0 ? 'Does it keep up, and who waits?' : LOAD_ABOUT,
    body:
      view.loads.length === 0
        ? note('No load was measured. `npx sqlatency run --sweep` lets operations arrive by a timetable.')
        : html`${plot({
            id: 'load',
            title: 'Response time as the load grows',
            about:
              'To the right, more operations are done a second; upwards, a user waits longer: response time counts from the moment when an operation was due. The percentile is the highest that at least half of the loads of each backend have enough operations for; loads with too few are in the table only. Labels: the load asked for, as a share of what one caller gets. A cross: not sustained. A ring: the knee, with the percentile that found it. Hollow and in brackets: contended. “≥”: the percentile falls among operations that were never issued.',
            after: legend(view),
          })}
          ${view.scenarios.map((scenario, index) => scenarioLoads(view, scenario, index))}`,
  }
}

/** More rows than these are folded. */
const OPEN_ROWS = 24

function scenarioLoads(view: View, scenario: ScenarioFacts, index: number): Content {
  const curves = curvesOf(view, scenario.id)
  if (curves.length === 0) return null
  const knees = curves.flatMap((curve) => {
    const text = kneeText(view, curve)
    return text === null ? [] : [html`<li data-backend="${placeOf(view, curve.backend)}">${text}</li>`]
  })
  const [first, ...others] = LOAD_HEADS
  const rows = curves.flatMap((curve) =>
    curve.points.map((point) => {
      const [load = '', ...cells] = loadCells(point)
      return { backend: placeOf(view, curve.backend), head: nameOf(view, curve.backend, load, null), cells }
    }),
  )
  return html`<div data-scenario="${index}">
    <details class="card" ${rows.length <= OPEN_ROWS ? html`open` : null}>
      <summary>${scenario.title}: every load as a table</summary>
      ${table({
        kind: 'loads',
        caption: 'Service and response time, side by side.',
        marks: generalLetters(view),
        columns: [{ label: `Backend, ${first}` }, ...others.map((label) => ({ label }))],
        rows,
      })}
    </details>
    ${
      knees.length === 0
        ? null
        : html`<ul class="missing">
            ${knees}
          </ul>`
    }
  </div>`
}
