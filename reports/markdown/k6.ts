import { k6About, k6Reasons, k6Table, k6Warning } from '../k6.ts'
import { escapeMarkdown, table } from '../markdown-text.ts'
import type { View } from '../view.ts'

/** Nothing where nobody looked from there. */
export function k6(view: View): string[] {
  const study = view.run.k6
  if (study === null) return []
  const found = k6Table(view)
  const warning = k6Warning(view)
  const reasons = k6Reasons(view)
  return [
    escapeMarkdown(k6About(study)),
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
