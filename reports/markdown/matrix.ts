import { duration, ratio } from '../format.ts'
import { floor } from '../method.ts'
import type { RankedRow } from '../../bench/contract/index.ts'
import { escapeMarkdown, table } from '../markdown-text.ts'
import { isBest, unranked } from '../standing.ts'
import type { View } from '../view.ts'
import { marks } from './marks.ts'

export function matrix(view: View): string[] {
  if (view.run.cells.length === 0 && view.run.k6 !== null) return ['Nothing was measured in process.']
  return [
    matrixTable(view),
    ...(view.general.length === 0 ? [] : [`Caveats on the whole run: ${view.general.join(', ')}.`]),
    ...view.nulls.map((backend) => `Floor: ${escapeMarkdown(floor(view, backend))}.`),
  ]
}

function matrixTable(view: View): string {
  if (view.backends.length === 0 || view.scenarios.length === 0)
    return 'There is nothing to show: no backend or no scenario took part.'
  const heads = ['Scenario', ...view.backends.map(({ id }) => escapeMarkdown(view.short(id)))]
  const rows = view.scenarios.map((scenario) => [
    escapeMarkdown(scenario.title),
    ...view.backends.map(({ id }) => {
      const row = view.row(id, scenario.id)
      if (row === null) return view.cell(id, scenario.id)?.outcome.replace('measured', 'n/a') ?? 'n/a'
      return `${duration(row.cell.estimates.p50.valueNs)} ${standing(view, row)}${marks(view.letters(id, scenario.id))}`
    }),
  ])
  return table(heads, rows)
}

export function standing(view: View, row: RankedRow): string {
  if (view.suppressed) return '(answers differ)'
  if (row.rank === null) return `(${unranked(row)})`
  return isBest(row) ? '★' : `(${ratio(row.ratio.value)})`
}
