import type { ScenarioFacts } from '../../bench/contract/index.ts'
import { curvesOf, kneeText, LOAD_ABOUT, LOAD_HEADS, loadCells } from '../load.ts'
import type { View } from '../view.ts'
import { placeOf } from '../view.ts'
import type { Section } from './frame.ts'
import { generalLetters, nameOf } from './frame.ts'
import type { Content } from './markup.ts'
import { html } from './markup.ts'
import { table } from './table.ts'

/** Open loops: what waiting adds to the time that a database takes. Left out where there was none. */
export function underLoad(view: View): Section {
  return {
    id: 'load',
    label: 'Load',
    title: 'Under load',
    about: LOAD_ABOUT,
    body: html`${view.scenarios.map((scenario) => scenarioLoads(view, scenario))}`,
  }
}

function scenarioLoads(view: View, scenario: ScenarioFacts): Content {
  const curves = curvesOf(view, scenario.id)
  if (curves.length === 0) return null
  const knees = curves.flatMap((curve) => {
    const text = kneeText(view, curve)
    return text === null ? [] : [html`<li data-backend="${placeOf(view, curve.backend)}">${text}</li>`]
  })
  const [first, ...others] = LOAD_HEADS
  return html`<article class="card">
    <h3>${scenario.title}</h3>
    ${table({
      kind: 'loads',
      caption: 'Service and response time, side by side.',
      marks: generalLetters(view),
      columns: [{ label: `Backend, ${first}` }, ...others.map((label) => ({ label }))],
      rows: curves.flatMap((curve) =>
        curve.points.map((point) => {
          const [load = '', ...cells] = loadCells(point)
          return {
            backend: placeOf(view, curve.backend),
            head: nameOf(view, curve.backend, load, null),
            cells,
          }
        }),
      ),
    })}
    ${
      knees.length === 0
        ? null
        : html`<ul class="missing">
            ${knees}
          </ul>`
    }
  </article>`
}
