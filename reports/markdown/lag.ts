import { servedByText } from '../lag-lines.ts'
import { lagReasons, lagTables } from '../lag-tables.ts'
import { escapeMarkdown, table } from '../markdown-text.ts'
import type { View } from '../view.ts'

export function lag(view: View): string[] {
  const tables = lagTables(view)
  const reasons = lagReasons(view)
  const served = view.run.lag.flatMap((cell) =>
    cell.outcome === 'measured' ? servedByText(cell).map((text) => `${view.title(cell.backend)}: ${text}.`) : [],
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
    ...served.map(escapeMarkdown),
    ...(reasons.length === 0
      ? []
      : [reasons.map(([reason, backends]) => `- ${escapeMarkdown(backends)}: ${escapeMarkdown(reason)}`).join('\n')]),
  ]
}
