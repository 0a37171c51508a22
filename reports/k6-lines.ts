import { K6_TITLE, k6Seen } from './k6.ts'
import { foldedTable } from './folded-table.ts'
import type { Paint } from './paint.ts'
import { fit, harmless, wrap } from './paint.ts'
import type { View } from './view.ts'

const LONGEST_NAME = 24

/** The vantage point of k6 for a terminal. */
export function k6Lines(view: View, paint: Paint, columns: number): string[] {
  const seen = k6Seen(view)
  if (seen === null) return []
  const { about, found, warning, reasons } = seen
  const rows = found?.rows.map(({ backend, scenario, cells }) => [
    fit(harmless(scenario), LONGEST_NAME),
    fit(harmless(view.short(backend)), LONGEST_NAME),
    ...cells.map(({ main, aside }) => (aside.startsWith('of ') ? `${main} ${aside}` : main)),
  ])
  // What does not fit into a column.
  const details = (found?.rows ?? []).flatMap(({ backend, scenario, cells }) =>
    cells.slice(-2).flatMap(({ aside }) => (aside === '' ? [] : [`${scenario}, ${view.title(backend)}: ${aside}`])),
  )
  return [
    paint('bold', K6_TITLE),
    ...wrap(about, columns).map((line) => paint('dim', line)),
    ...(rows === undefined ? [] : foldedTable(['', 'backend', ...found!.heads], rows, paint, columns)),
    ...details.flatMap((text) => wrap(harmless(text), columns, '  ')),
    ...(warning === null ? [] : wrap(warning, columns).map((line) => paint('yellow', line))),
    ...reasons.flatMap(([reason, what]) => wrap(`${what}: ${reason}`, columns, '  ')),
  ]
}
