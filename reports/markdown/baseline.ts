import { changeWords, DELTA_HEADS, deltaRemarks, deltas, historyText } from '../baseline.ts'
import { escapeMarkdown, table } from '../markdown-text.ts'
import type { View } from '../view.ts'

/** This run beside earlier ones; nothing where none was named. */
export function baselineMarkdown(view: View): string[] {
  const { baseline, history } = view
  if (baseline === null && history === null) return []
  return ['## Against earlier runs', ...against(view), ...overRuns(view)]
}

function against(view: View): string[] {
  const { baseline } = view
  if (baseline === null) return []
  return [
    `Against run ${escapeMarkdown(String(baseline.base.run))}, another time on ${baseline.differences.length === 0 ? 'the same kind of machine' : 'a machine that is not quite alike'}:`,
    table(
      DELTA_HEADS,
      deltas(view).map(({ row, verdict, cells }) => [
        escapeMarkdown(row.scenario),
        escapeMarkdown(view.short(row.backend)),
        ...cells,
        verdict,
      ]),
    ),
    ...bullets(deltaRemarks(view)),
  ]
}

function overRuns(view: View): string[] {
  const { history } = view
  if (history === null) return []
  return [
    escapeMarkdown(historyText(view, history)),
    ...bullets(
      changeWords(view, history).map(
        ({ text, run, commit }) => `${text} from run ${run} on${commit === null ? '' : `, commit ${commit}`}`,
      ),
    ),
  ]
}

const bullets = (lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [lines.map((line) => `- ${escapeMarkdown(line)}`).join('\n')]
