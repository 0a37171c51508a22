import { k6Seen } from '../k6.ts'
import { escapeMarkdown, table } from '../markdown-text.ts'
import type { View } from '../view.ts'

/** Nothing where nobody looked from there. */
export function k6(view: View): string[] {
  const seen = k6Seen(view)
  if (seen === null) return []
  const { about, found, warning, reasons } = seen
  return [
    escapeMarkdown(about),
    ...(found === null
      ? ['Nothing was measured.']
      : [
          table(
            ['Scenario', 'Backend', 'asked of', ...found.heads],
            found.rows.map(({ backend, scenario, target, cells }) => [
              escapeMarkdown(scenario),
              escapeMarkdown(view.title(backend)),
              target,
              ...cells.map(({ main, aside }) => escapeMarkdown(`${main} ${aside}`.trim())),
            ]),
          ),
        ]),
    ...(warning === null ? [] : [warning]),
    ...(reasons.length === 0
      ? []
      : [reasons.map(([reason, what]) => `- ${escapeMarkdown(what)}: ${escapeMarkdown(reason)}`).join('\n')]),
  ]
}
