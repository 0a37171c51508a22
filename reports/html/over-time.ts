import type { ScenarioFacts } from '../../bench/contract/index.ts'
import { OVER_TIME_HEADS, overTimeCells } from '../over-time.ts'
import type { View } from '../view.ts'
import { placeOf } from '../view.ts'
import { plot } from './controls.ts'
import type { Section } from './frame.ts'
import { note } from './frame.ts'
import type { Content } from './markup.ts'
import { html } from './markup.ts'
import { table } from './table.ts'

/** When the slow operations came: all along, in bursts, or in some rounds only. */
export function overTime(view: View): Section {
  const tables = view.scenarios.map((scenario, index) => scenarioTable(view, scenario, index))
  return {
    id: 'over-time',
    label: 'Over time',
    title: 'Over time',
    about:
      'Whether slow operations come all along, in bursts, or in some rounds only, and what is known to have happened then.',
    body: tables.every((one) => one === null)
      ? note(reason(view))
      : html`${plot({
          id: 'over-time',
          title: 'Latency over time',
          about:
            'A picture a backend, each with a ruler of its own. From left to right its rounds, each cut into slices of equal time; a gap lies where nothing was measured, and a dashed line where another run begins. The fuller the colour, the more operations, each step twice as many. The strip above is grey where one of the slowest operations of that slice ran while garbage was collected (G) or while its thread waited for a processor (P); beside the name stands in how many slices.',
        })}
        ${tables}`,
  }
}

function reason(view: View): string {
  return view.rankings.every(({ rows }) => rows.length === 0)
    ? 'Nothing was measured, so there is no course of time to show.'
    : 'No latency has a place in time: operations overlapped, in an open loop or with several callers, or the run was made before this was kept.'
}

function scenarioTable(view: View, scenario: ScenarioFacts, index: number): Content {
  const rows = view.backends.flatMap(({ id }) => {
    const cell = view.measured(id, scenario.id)
    const cells = cell === null ? null : overTimeCells(cell)
    return cells === null ? [] : [{ backend: placeOf(view, id), head: view.short(id), cells }]
  })
  if (rows.length === 0) return null
  return html`<details class="card" data-scenario="${index}">
    <summary>${scenario.title}: over time as a table</summary>
    ${table({
      kind: 'quantiles',
      caption: 'A slice counts what began in it.',
      columns: [{ label: 'Backend' }, ...OVER_TIME_HEADS.map((label) => ({ label }))],
      rows,
    })}
  </details> `
}
