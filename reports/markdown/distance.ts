import {
  crossingWords,
  distancesMade,
  LAW_ABOUT,
  LAW_HEADS,
  lawsByScenario,
  notMoved,
  studiedRttsNs,
} from '../distance.ts'
import { duration } from '../format.ts'
import { escapeMarkdown, table } from '../markdown-text.ts'
import type { View } from '../view.ts'

/** Nothing where nobody was moved. */
export function distance(view: View): string[] {
  const study = view.run.distance
  if (study === null) return []
  const rtts = studiedRttsNs(study)
  const bullets = [...crossingWords(view, study), ...notMoved(view)]
  return [
    LAW_ABOUT,
    ...lawsByScenario(view, study).flatMap(({ scenario, rows }) => [
      `### ${escapeMarkdown(scenario)}, by distance`,
      table(
        [...LAW_HEADS, ...rtts.map((ns) => (ns === 0 ? 'p50 here' : `at ${duration(ns)}`))],
        rows.map(({ law, roundTrips, interval, base, fitError, leftOutError }) => [
          escapeMarkdown(view.title(law.backend)),
          roundTrips,
          interval,
          base,
          fitError,
          leftOutError,
          ...rtts.map((ns) => {
            const points = law.outcome === 'fitted' ? law.points : []
            return duration(points.find(({ requestedRttNs }) => requestedRttNs === ns)?.p50Ns ?? null)
          }),
        ]),
      ),
    ]),
    distancesMade(study),
    ...(bullets.length === 0 ? [] : [bullets.map((text) => `- ${escapeMarkdown(text)}`).join('\n')]),
  ]
}
