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
import type { Section } from './frame.ts'
import { nameOf } from './frame.ts'
import type { Content, Markup } from './markup.ts'
import { html } from './markup.ts'
import { table } from './table.ts'

/** What distance does, of a run that measured several; none otherwise. */
export function distance(view: View): Section[] {
  const study = view.run.distance
  if (study === null) return []
  return [
    {
      id: 'distance',
      label: 'Distance',
      title: 'Distance',
      about: LAW_ABOUT,
      body: html`<div class="card">
        ${laws(view, study)}
        <p class="small">${distancesMade(study)}</p>
        ${items(crossingWords(view, study))} ${points(view, study)} ${items(notMoved(view))}
      </div>`,
    },
  ]
}

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
  return lawsByScenario(view, study).map(({ scenario, rows }) => {
    const fitted = rows.flatMap(({ law }) => (law.outcome === 'fitted' ? [law] : []))
    if (fitted.length === 0) return null
    return table({
      kind: 'lag',
      caption: `${scenario}: p50 measured at each distance, and below it what the other distances predict.`,
      columns: [{ label: 'Backend' }, ...rtts.map((ns) => ({ label: ns === 0 ? 'here' : duration(ns) }))],
      rows: fitted.map((law) => ({
        backend: placeOf(view, law.backend),
        head: nameOf(view, law.backend, null, null),
        cells: rtts.map((ns) => pointCell(law.points.find(({ requestedRttNs }) => requestedRttNs === ns))),
      })),
    })
  })
}

function pointCell(point: LawPoint | undefined): Content {
  if (point === undefined) return MISSING
  const predicted = point.predictedNs === null ? null : below(duration(point.predictedNs))
  return html`${duration(point.p50Ns)}${predicted}`
}

const below = (text: string): Markup => html`<span class="below">${text}</span>`

function items(texts: readonly string[]): Content {
  return texts.length === 0
    ? null
    : html`<ul class="missing">
        ${texts.map((text) => html`<li>${text}</li>`)}
      </ul>`
}
