import { servedByText } from '../lag-lines.ts'
import { lagReasons, lagTables, watchedBy } from '../lag-tables.ts'
import { escapeMarkdown, table } from '../markdown-text.ts'
import type { View } from '../view.ts'

export function lag(view: View): string[] {
  const tables = lagTables(view)
  const reasons = lagReasons(view)
  const watched = view.run.lag.flatMap((cell) =>
    cell.outcome === 'measured'
      ? [`${view.title(cell.backend)}: ${[watchedBy(view, cell), ...servedByText(cell)].join('; ')}.`]
      : [],
  )
  return [
    ...(tables.length === 0 ? ['No replication lag was measured.'] : []),
    ...tables.flatMap(({ caption, heads, rows }) => [
      caption,
      table(
        heads,
        rows.map(({ backend, cells }) => [
          escapeMarkdown(view.title(backend)),
          ...cells.map(({ main, aside }) => `${main} ${aside}`.trim()),
        ]),
      ),
    ]),
    ...watched.map(escapeMarkdown),
    ...(reasons.length === 0
      ? []
      : [reasons.map(([reason, backends]) => `- ${escapeMarkdown(backends)}: ${escapeMarkdown(reason)}`).join('\n')]),
  ]
}
