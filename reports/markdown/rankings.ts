import type { Ranking } from '../../bench/contract/index.ts'
import { MISSING, count, duration, durationInterval, ratioInterval } from '../format.ts'
import { escapeMarkdown, table } from '../markdown-text.ts'
import { ratioOrReference } from '../method.ts'
import { missingText } from '../missing.ts'
import { openingText } from '../rounds.ts'
import { peers } from '../standing.ts'
import type { View } from '../view.ts'
import { quantile } from '../view.ts'
import { marks } from './marks.ts'
import { standing } from './matrix.ts'

export function rankings(view: View): string[] {
  return view.rankings.length === 0
    ? ['There is nothing to rank: no scenario has a result.']
    : view.rankings.flatMap((one) => ranking(view, one))
}

function ranking(view: View, ranked: Ranking): string[] {
  const heads = [
    'Rank',
    'Backend',
    'p50',
    '95 % interval',
    'vs fastest',
    '95 % interval',
    'p99',
    'p99.9',
    'n',
    'errors',
  ]
  const rows = ranked.rows.map((row) => {
    const { estimates } = row.cell
    const comparable = row.rank !== null && !view.suppressed
    const isReference = row === peers(ranked)[0]
    return [
      comparable ? String(row.rank) : MISSING,
      escapeMarkdown(view.title(row.backend.id)) + marks(view.letters(row.backend.id, ranked.scenario.id)),
      duration(estimates.p50.valueNs),
      durationInterval(estimates.p50.lowNs, estimates.p50.highNs),
      comparable ? ratioOrReference(row.ratio.value, isReference) : standing(view, row),
      !comparable ? MISSING : isReference ? 'reference' : ratioInterval(row.ratio.low, row.ratio.high),
      percentile(quantile(row.cell, 0.99)),
      percentile(quantile(row.cell, 0.999)),
      count(estimates.operations),
      count(estimates.errors),
    ]
  })
  return [
    `### ${escapeMarkdown(ranked.scenario.title)}`,
    rows.length === 0 ? 'No backend has a result for this scenario.' : table(heads, rows),
    ...openings(view, ranked),
    ...(ranked.missing.length === 0
      ? []
      : [
          ranked.missing
            .map(
              ({ backend, cell }) =>
                `- ${escapeMarkdown(view.title(backend.id))}: ${escapeMarkdown(missingText(cell))}`,
            )
            .join('\n'),
        ]),
  ]
}

/** Of a cold start: its operations in time order. */
function openings(view: View, ranked: Ranking): string[] {
  const lines = ranked.rows.flatMap(({ backend, cell }) => {
    const text = openingText(cell)
    return text === null ? [] : [`- ${escapeMarkdown(view.title(backend.id))}, in time order: ${text}`]
  })
  return lines.length === 0 ? [] : [lines.join('\n')]
}

function percentile(ns: number | null): string {
  return ns === null ? 'too few' : duration(ns)
}
