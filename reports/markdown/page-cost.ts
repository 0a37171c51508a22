import { BUDGET_NS, PAGE_COUNTS } from '../charts/page-budget.ts'
import { count, duration, durationInterval, percent } from '../format.ts'
import { escapeMarkdown, table } from '../markdown-text.ts'
import type { PageContrast } from '../page-cost.ts'
import { CONTRAST_ABOUT, PAGE_ABOUT, pageContrast, pageRows } from '../page-cost.ts'
import { leadRanking } from '../standing.ts'
import type { View } from '../view.ts'
import { marks } from './marks.ts'

/** Of the first scenario; nothing where no mean can be said of it. */
export function pageCost(view: View): string[] {
  const lead = leadRanking(view)?.scenario
  const rows = lead === undefined ? [] : pageRows(view, lead.id)
  if (lead === undefined || rows.length === 0) return []
  const more = PAGE_COUNTS.slice(1)
  const contrast = pageContrast(view)
  return [
    PAGE_ABOUT,
    `### ${escapeMarkdown(lead.title)}, n in a row`,
    table(
      ['Backend', '1', '95 % interval', ...more.map(String), `fit in ${duration(BUDGET_NS)}`],
      rows.map(({ backend, mean, fits }) => [
        escapeMarkdown(view.title(backend)) + marks(view.letters(backend, lead.id)),
        duration(mean.valueNs),
        durationInterval(mean.lowNs, mean.highNs),
        ...more.map((n) => duration(n * mean.valueNs)),
        count(fits),
      ]),
    ),
    ...(contrast === null ? [] : contrastTable(view, contrast)),
  ]
}

function contrastTable(view: View, { predictedTitle, measuredTitle, rows }: PageContrast): string[] {
  return [
    CONTRAST_ABOUT,
    table(
      [
        'Backend',
        `predicted: ${escapeMarkdown(predictedTitle)}`,
        '95 % interval',
        `measured: ${escapeMarkdown(measuredTitle)}`,
        '95 % interval',
        'of the prediction',
      ],
      rows.map(({ backend, predicted, measured }) => [
        escapeMarkdown(view.title(backend)),
        duration(predicted.valueNs),
        durationInterval(predicted.lowNs, predicted.highNs),
        duration(measured.valueNs),
        durationInterval(measured.lowNs, measured.highNs),
        percent(measured.valueNs / predicted.valueNs),
      ]),
    ),
  ]
}
