import type { RankedRow, Ranking, Report } from '../bench/contract/index.ts'
import { baselineMarkdown } from './baseline-markdown.ts'
import { claimsMarkdown } from './claims-markdown.ts'
import {
  crossingWords,
  distancesMade,
  LAW_ABOUT,
  LAW_HEADS,
  lawsByScenario,
  notMoved,
  studiedRttsNs,
} from './distance.ts'
import { MISSING, count, duration, durationInterval, moment, ratio, ratioInterval } from './format.ts'
import { servedByText } from './lag-lines.ts'
import { lagReasons, lagTables } from './lag-tables.ts'
import { curvesOf, kneeText, LOAD_ABOUT, LOAD_HEADS, loadCells } from './load.ts'
import { environment, floor, method, ranOn, ratioOrReference, reproduce } from './method.ts'
import { escapeMarkdown, fenced, table } from './markdown-text.ts'
import { missingText } from './missing.ts'
import { openingText } from './rounds.ts'
import { plain } from './sentence.ts'
import { isBest, peers, unranked } from './standing.ts'
import { verdict } from './verdict.ts'
import type { View } from './view.ts'
import { quantile, viewOf } from './view.ts'

/** For an issue, a pull request or a README: GitHub-flavoured, every name escaped. */
export const markdown: Report = {
  id: 'markdown',
  fileName: 'report.md',
  render: (comparison) => renderMarkdown(viewOf(comparison)),
}

export function renderMarkdown(view: View): string {
  const { run } = view
  return (
    [
      `# sqlatency: ${escapeMarkdown(run.plan.name)}`,
      `Run ${escapeMarkdown(run.id)}, ${escapeMarkdown(moment(run.startedAt))}, ${escapeMarkdown(ranOn(run))}; status ${run.status}.`,
      verdict(view)
        .map((sentence) => escapeMarkdown(plain(sentence)))
        .join(' '),
      '## All scenarios',
      matrix(view),
      ...(view.general.length === 0 ? [] : [`Caveats on the whole run: ${view.general.join(', ')}.`]),
      ...view.nulls.map((backend) => `Floor: ${escapeMarkdown(floor(view, backend))}.`),
      '## Rankings',
      ...(view.rankings.length === 0
        ? ['There is nothing to rank: no scenario has a result.']
        : view.rankings.flatMap((one) => ranking(view, one))),
      ...underLoad(view),
      ...distance(view),
      '## Replication lag',
      ...lag(view),
      ...baselineMarkdown(view),
      ...claimsMarkdown(view),
      '## Caveats',
      view.notes.length === 0
        ? 'No rule fired on this run.'
        : view.notes
            .map(
              ({ id, letter, title, text }) =>
                `- **${letter}** (${id}) **${escapeMarkdown(title)}** ${escapeMarkdown(text)}`,
            )
            .join('\n'),
      '## Method and environment',
      [...method(view), ...environment(view)]
        .map(([term, text]) => `- **${escapeMarkdown(term)}**: ${escapeMarkdown(text)}`)
        .join('\n'),
      '## Reproduce',
      fenced(reproduce(view).join('\n')),
    ].join('\n\n') + '\n'
  )
}

function matrix(view: View): string {
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

function standing(view: View, row: RankedRow): string {
  if (view.suppressed) return '(answers differ)'
  if (row.rank === null) return `(${unranked(row)})`
  return isBest(row) ? '★' : `(${ratio(row.ratio.value)})`
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

function underLoad(view: View): string[] {
  if (view.loads.length === 0) return []
  return [
    '## Under load',
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

function distance(view: View): string[] {
  const study = view.run.distance
  if (study === null) return []
  const rtts = studiedRttsNs(study)
  const bullets = [...crossingWords(view, study), ...notMoved(view)]
  return [
    '## Distance',
    LAW_ABOUT,
    ...lawsByScenario(view, study).flatMap(({ scenario, rows }) => [
      `### ${escapeMarkdown(scenario)}, by distance`,
      table(
        [...LAW_HEADS, ...rtts.map((ns) => (ns === 0 ? 'p50 here' : `at ${duration(ns)}`))],
        rows.map(({ law, roundTrips, interval, base, fitError, leftOutError }) => [
          escapeMarkdown(view.title(law.backend)),
          roundTrips,
          interval,
          base,
          fitError,
          leftOutError,
          ...rtts.map((ns) => {
            const points = law.outcome === 'fitted' ? law.points : []
            return duration(points.find(({ requestedRttNs }) => requestedRttNs === ns)?.p50Ns ?? null)
          }),
        ]),
      ),
    ]),
    distancesMade(study),
    ...(bullets.length === 0 ? [] : [bullets.map((text) => `- ${escapeMarkdown(text)}`).join('\n')]),
  ]
}

function lag(view: View): string[] {
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

function percentile(ns: number | null): string {
  return ns === null ? 'too few' : duration(ns)
}

function marks(letters: readonly string[]): string {
  return letters.length === 0 ? '' : ` <sup>${letters.join(' ')}</sup>`
}

/** The first column is aligned left, figures right; cells are escaped by whoever made them. */
