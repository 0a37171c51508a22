import type { PointsRow } from '../distance.ts'
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
import { escapeMarkdown, table } from '../markdown-text.ts'
import type { View } from '../view.ts'
import { marks } from './marks.ts'

/** Nothing where nobody was moved. */
export function distance(view: View): string[] {
  const study = view.run.distance
  if (study === null) return []
  const rtts = studiedRttsNs(study)
  const about = rtts.length === 0 ? '' : ` The second table of a scenario: ${POINTS_ABOUT}${marks(view.atDistance)}`
  const bullets = [...crossingWords(view, study), ...notMoved(view)]
  return [
    `${LAW_ABOUT}${about}`,
    ...lawsByScenario(view, study).flatMap(({ scenario, rows }) => [
      `### ${escapeMarkdown(scenario)}, by distance`,
      table(
        LAW_HEADS,
        rows.map(({ law, roundTrips, interval, base, fitError, leftOutError }) => [
          escapeMarkdown(view.title(law.backend)),
          roundTrips,
          interval,
          base,
          fitError,
          leftOutError,
        ]),
      ),
      ...points(view, pointsOf(rows, rtts), rtts),
    ]),
    distancesMade(study),
    ...(bullets.length === 0 ? [] : [bullets.map((text) => `- ${escapeMarkdown(text)}`).join('\n')]),
  ]
}

function points(view: View, rows: readonly PointsRow[], rttsNs: readonly number[]): string[] {
  if (rows.length === 0) return []
  return [
    table(
      ['p50', ...rttsNs.map((ns) => (ns === 0 ? 'here' : `at ${duration(ns)}`))],
      rows.map(({ backend, points: found }) => [
        escapeMarkdown(view.title(backend)),
        ...found.map((point) => {
          if (point === null) return MISSING
          const { p50, interval, predicted } = point
          return `${p50} (${interval})${predicted === '' ? '' : `; ${predicted}`}`
        }),
      ]),
    ),
  ]
}
