import { crossingWords, distancesMade, lawsByScenario, LAW_HEADS, notMoved } from './distance.ts'
import type { Paint } from './paint.ts'
import { fit, harmless, padLeft, padRight, wrap } from './paint.ts'
import type { View } from './view.ts'

/** Columns of k, its interval, a, and the two errors. */
const WIDTHS = [7, 14, 10, 11, 17]

/** The law of every backend, a block a scenario; nothing where no distance was swept. */
export function distanceLines(view: View, paint: Paint, columns: number): string[] {
  const study = view.run.distance
  if (study === null) return []
  const name = columns - 2 - WIDTHS.reduce((sum, width) => sum + width, 0)
  const figures = (cells: readonly string[]): string => cells.map((cell, n) => padLeft(cell, WIDTHS[n]!)).join('')
  const [, ...heads] = LAW_HEADS
  return [
    `${paint('bold', 'Distance')}  latency = a + k × RTT; k: round trips for one of distance`,
    paint('dim', `  ${padRight('', name)}${figures(heads)}`),
    ...lawsByScenario(view, study).flatMap(({ scenario, rows }) => [
      harmless(fit(scenario, columns)),
      ...rows.map(({ law, roundTrips, interval, base, fitError, leftOutError }) => {
        const cells = figures([roundTrips, interval, base, fitError, leftOutError])
        return `  ${padRight(fit(harmless(view.title(law.backend)), name - 1), name)}${cells}`
      }),
    ]),
    ...crossingWords(view, study).flatMap((line) => wrap(line, columns, '  ')),
    ...notMoved(view).flatMap((line) => wrap(line, columns, '  ')),
    ...wrap(distancesMade(study), columns).map((line) => paint('dim', line)),
  ]
}
