import { curvesOf, kneeText, LOAD_HEADS, loadCells } from './load.ts'
import type { Paint } from './paint.ts'
import { fit, harmless, padLeft, padRight, widthOf, wrap } from './paint.ts'
import type { View } from './view.ts'

const GAP = 2
const LONGEST_NAME = 24

/** Loads of a scenario as a table; columns that do not fit go on below. */
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
        ...lines(rows, paint, columns),
        ...knees.flatMap((text) => wrap(harmless(text), columns, '  ')),
      ],
    ]
  })
  return tables
}

function lines(rows: readonly (readonly string[])[], paint: Paint, columns: number): string[] {
  const heads = ['', ...LOAD_HEADS]
  const widths = heads.map((head, n) => Math.max(widthOf(head), ...rows.map((row) => widthOf(row[n] ?? ''))))
  // Name and load stand at the left of every part, so that each can be read alone.
  const fixed = widths[0]! + GAP + widths[1]!
  const parts: number[][] = []
  let used = Infinity
  for (let n = 2; n < heads.length; n += 1) {
    if (used + GAP + widths[n]! > columns) {
      parts.push([])
      used = fixed
    }
    parts.at(-1)!.push(n)
    used += GAP + widths[n]!
  }
  const line = (row: readonly string[], part: readonly number[]): string =>
    padRight(row[0]!, widths[0]!) +
    [1, ...part].map((n) => ' '.repeat(GAP) + padLeft(row[n] ?? '', widths[n]!)).join('')
  return parts.flatMap((part) => [paint('dim', line(heads, part)), ...rows.map((row) => line(row, part))])
}
