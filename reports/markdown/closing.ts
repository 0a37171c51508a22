import { environment, method, reproduce } from '../method.ts'
import { escapeMarkdown, fenced } from '../markdown-text.ts'
import type { View } from '../view.ts'

export function caveats(view: View): string {
  return view.notes.length === 0
    ? 'No rule fired on this run.'
    : view.notes
        .map(
          ({ id, letter, title, text }) =>
            `- **${letter}** (${id}) **${escapeMarkdown(title)}** ${escapeMarkdown(text)}`,
        )
        .join('\n')
}

export function methodList(view: View): string {
  return [...method(view), ...environment(view)]
    .map(([term, text]) => `- **${escapeMarkdown(term)}**: ${escapeMarkdown(text)}`)
    .join('\n')
}

export const commands = (view: View): string => fenced(reproduce(view).join('\n'))
