import { foldedTable } from './folded-table.ts'
import { curvesOf, kneeText, LOAD_HEADS, loadCells } from './load.ts'
import type { Paint } from './paint.ts'
import { fit, harmless, wrap } from './paint.ts'
import type { View } from './view.ts'

const LONGEST_NAME = 24

/** Loads of a scenario as a table. */
export function loadTables(all: View, paint: Paint, columns: number): string[][] {
  const tables = all.scenarios.flatMap((scenario) => {
    const curves = curvesOf(all, scenario.id)
    if (curves.length === 0) return []
    const rows = curves.flatMap((curve) =>
      curve.points.map((point) => [fit(harmless(all.short(curve.backend)), LONGEST_NAME), ...loadCells(point)]),
    )
    const knees = curves.map((curve) => kneeText(all, curve)).filter((text) => text !== null)
    return [
      [
        `${paint('bold', fit(harmless(scenario.title), columns - 11))} ${paint('dim', 'under load')}`,
        ...foldedTable(['', ...LOAD_HEADS], rows, paint, columns),
        ...knees.flatMap((text) => wrap(harmless(text), columns, '  ')),
      ],
    ]
  })
  return tables
}
