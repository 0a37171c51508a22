import { curvesOf, kneeText, LOAD_ABOUT, LOAD_HEADS, loadCells } from '../load.ts'
import { escapeMarkdown, table } from '../markdown-text.ts'
import type { View } from '../view.ts'

/** Nothing where every loop was closed. */
export function underLoad(view: View): string[] {
  if (view.loads.length === 0) return []
  return [
    LOAD_ABOUT,
    ...view.scenarios.flatMap((scenario) => {
      const curves = curvesOf(view, scenario.id)
      if (curves.length === 0) return []
      const knees = curves.map((curve) => kneeText(view, curve)).filter((text) => text !== null)
      return [
        `### ${escapeMarkdown(scenario.title)}, under load`,
        table(
          ['Backend', ...LOAD_HEADS],
          curves.flatMap((curve) =>
            curve.points.map((point) => [escapeMarkdown(view.title(curve.backend)), ...loadCells(point)]),
          ),
        ),
        ...(knees.length === 0 ? [] : [knees.map((text) => `- ${escapeMarkdown(text)}`).join('\n')]),
      ]
    }),
  ]
}
