import { K6_TITLE, k6About, k6Reasons, k6Table, k6Warning } from './k6.ts'
import { foldedTable } from './folded-table.ts'
import type { Paint } from './paint.ts'
import { fit, harmless, wrap } from './paint.ts'
import type { View } from './view.ts'

const LONGEST_NAME = 24

/** The vantage point of k6 for a terminal. */
export function k6Lines(view: View, paint: Paint, columns: number): string[] {
  const study = view.run.k6
  if (study === null) return []
  const found = k6Table(view)
  const rows = found?.rows.map(({ backend, scenario, cells }) => [
    fit(harmless(scenario), LONGEST_NAME),
    fit(harmless(view.short(backend)), LONGEST_NAME),
    ...cells.map(({ main, aside }) => (aside.startsWith('of ') ? `${main} ${aside}` : main)),
  ])
  // What does not fit into a column.
  const details = (found?.rows ?? []).flatMap(({ backend, scenario, cells }) =>
    cells.slice(-2).flatMap(({ aside }) => (aside === '' ? [] : [`${scenario}, ${view.title(backend)}: ${aside}`])),
  )
  const warning = k6Warning(view)
  return [
    paint('bold', K6_TITLE),
    ...wrap(k6About(study), columns).map((line) => paint('dim', line)),
    ...(rows === undefined ? [] : foldedTable(['', 'backend', ...found!.heads], rows, paint, columns)),
    ...details.flatMap((text) => wrap(harmless(text), columns, '  ')),
    ...(warning === null ? [] : wrap(warning, columns).map((line) => paint('yellow', line))),
    ...k6Reasons(view).flatMap(([reason, what]) => wrap(`${what}: ${reason}`, columns, '  ')),
  ]
}
