import type { DistanceStudy, LawPoint } from '../../bench/contract/index.ts'
import {
  crossingWords,
  distancesMade,
  LAW_ABOUT,
  LAW_HEADS,
  lawsByScenario,
  notMoved,
  studiedRttsNs,
} from '../distance.ts'
import { duration, MISSING } from '../format.ts'
import type { View } from '../view.ts'
import { placeOf } from '../view.ts'
import { plot } from './controls.ts'
import { canMove, distanceControl } from './distance-control.ts'
import type { Section } from './frame.ts'
import { nameOf, note } from './frame.ts'
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
    const fitted = rows.flatMap(({ law }) => (law.outcome === 'fitted' ? [law] : []))
    if (fitted.length === 0) return []
    return table({
      kind: 'lag',
      caption: scenario,
      columns: [{ label: 'Backend' }, ...rtts.map((ns) => ({ label: ns === 0 ? 'here' : duration(ns) }))],
      rows: fitted.map((law) => ({
        backend: placeOf(view, law.backend),
        head: nameOf(view, law.backend, null, null),
        cells: rtts.map((ns) => pointCell(law.points.find(({ requestedRttNs }) => requestedRttNs === ns))),
      })),
    })
  })
  if (tables.length === 0) return null
  return html`<details>
    <summary>p50 measured at each distance, and below it what the other distances predict, as tables</summary>
    ${tables}
  </details>`
}

function pointCell(point: LawPoint | undefined): Content {
  if (point === undefined) return MISSING
  const predicted = point.predictedNs === null ? null : html`<span class="aside">${duration(point.predictedNs)}</span>`
  return html`${duration(point.p50Ns)}${predicted}`
}

function items(texts: readonly string[]): Content {
  return texts.length === 0
    ? null
    : html`<ul class="missing">
        ${texts.map((text) => html`<li>${text}</li>`)}
      </ul>`
}
