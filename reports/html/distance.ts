import type { DistanceStudy } from '../../bench/contract/index.ts'
import type { PointWords } from '../distance.ts'
import {
  crossingWords,
  distancesMade,
  LAW_ABOUT,
  LAW_HEADS,
  lawsByScenario,
  notMoved,
  POINTS_ABOUT,
  pointsOf,
  studiedRttsNs,
} from '../distance.ts'
import { duration, MISSING } from '../format.ts'
import type { View } from '../view.ts'
import { placeOf } from '../view.ts'
import { plot } from './controls.ts'
import { canMove, distanceControl } from './distance-control.ts'
import type { Section } from './frame.ts'
import { letters, nameOf, note } from './frame.ts'
import type { Content, Markup } from './markup.ts'
import { html } from './markup.ts'
import { table } from './table.ts'
import { legend } from './legend.ts'

/** What distance does, and a control that moves the databases away. */
export function distance(view: View): Section {
  const study = view.run.distance
  return {
    id: 'distance',
    label: 'Distance',
    title: 'Distance',
    about: study === null ? 'What does it cost when the database is not here?' : LAW_ABOUT,
    body:
      study === null
        ? note(html`No distance was swept: <code>npx sqlatency run --plan distance</code> measures what it costs.`)
        : html`${distanceControl(view, 'distance')} ${canMove(view) ? chart(view) : null}
            <div class="card">
              ${laws(view, study)}
              <p class="small">${distancesMade(study)}</p>
              ${items(crossingWords(view, study))} ${points(view, study)} ${items(notMoved(view))}
            </div>`,
  }
}

const chart = (view: View): Markup =>
  plot({
    id: 'distance',
    title: 'Latency by round trip',
    about:
      'Markers: measured. Thin lines: the law, solid for reads and dashed for writes and transactions, dotted where nothing was measured. Rings: where two backends change places. Bands: distances with a name. In the process there is no round trip: the marker stands at the left end.',
    after: legend(view),
  })

function laws(view: View, study: DistanceStudy): Content {
  const [first, ...others] = LAW_HEADS
  return lawsByScenario(view, study).map(({ scenario, rows }) =>
    table({
      kind: 'lag',
      caption: scenario,
      columns: [{ label: first }, ...others.map((label) => ({ label }))],
      rows: rows.map(({ law, roundTrips, interval, base, fitError, leftOutError }) => ({
        backend: placeOf(view, law.backend),
        head: nameOf(view, law.backend, null, null),
        cells: [roundTrips, interval, base, fitError, leftOutError],
      })),
    }),
  )
}

function points(view: View, study: DistanceStudy): Content {
  const rtts = studiedRttsNs(study)
  if (rtts.length === 0) return null
  const tables = lawsByScenario(view, study).flatMap(({ scenario, rows }) => {
    const fitted = pointsOf(rows, rtts)
    if (fitted.length === 0) return []
    return table({
      kind: 'lag',
      caption: scenario,
      columns: [{ label: 'Backend' }, ...rtts.map((ns) => ({ label: ns === 0 ? 'here' : duration(ns) }))],
      rows: fitted.map(({ backend, points: found }) => ({
        backend: placeOf(view, backend),
        head: nameOf(view, backend, null, null),
        cells: found.map(pointCell),
      })),
    })
  })
  if (tables.length === 0) return null
  return html`<details>
    <summary>p50 measured at each distance, and how sure it is, as tables</summary>
    <p class="small">${POINTS_ABOUT}${letters(view.atDistance)}</p>
    ${tables}
  </details>`
}

function pointCell(point: PointWords | null): Content {
  if (point === null) return MISSING
  const { p50, interval, predicted } = point
  const figures = predicted === '' ? [interval] : [interval, predicted]
  return html`<b>${p50}</b>${figures.map((figure) => html` <span class="aside whole">${figure}</span>`)}`
}

function items(texts: readonly string[]): Content {
  return texts.length === 0
    ? null
    : html`<ul class="missing">
        ${texts.map((text) => html`<li>${text}</li>`)}
      </ul>`
}
