import type { Gate } from '../bench/contract/index.ts'
import type { CompareRow } from './compare-view.ts'
import { controlTexts, differenceText, headline, methodText, rowsOf, sideText } from './compare-view.ts'
import { plural } from './format.ts'
import { escapeMarkdown, table } from './markdown-text.ts'

/** GitHub refuses comments that are longer. */
const LONGEST = 65_536

/** For a job summary or a comment on a pull request: GitHub-flavoured, every name escaped, never too long for GitHub. */
export function renderCompareMarkdown(gate: Gate): string {
  const rows = rowsOf(gate)
  const whole = page(gate, rows, 0)
  if (whole.length <= LONGEST) return whole
  // What matters comes first, so the end can go. The longest beginning that fits, by bisection.
  let [fits, tooMany] = [0, rows.length]
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2)
    if (page(gate, rows.slice(0, middle), rows.length - middle).length <= LONGEST) fits = middle
    else tooMany = middle
  }
  return page(gate, rows.slice(0, fits), rows.length - fits).slice(0, LONGEST)
}

function page(gate: Gate, rows: readonly CompareRow[], leftOut: number): string {
  const parts = [
    `### sqlatency: ${title(gate)}`,
    escapeMarkdown(headline(gate)),
    [`- **base** ${escapeMarkdown(sideText(gate.base))}`, `- **head** ${escapeMarkdown(sideText(gate.head))}`].join(
      '\n',
    ),
    table(
      ['Scenario', 'Backend', 'Base p50', 'Head p50', 'Change', 'Interval', 'Sees', 'p99 (sees)', 'Pairs', 'Verdict'],
      rows.map((row) => [
        escapeMarkdown(row.scenario),
        escapeMarkdown(row.backend),
        row.base,
        row.head,
        row.change,
        row.interval,
        row.detectable,
        row.p99,
        row.pairs,
        row.verdict === 'slower' || row.verdict === 'failed' ? `**${row.verdict}**` : row.verdict,
      ]),
    ),
    leftOut === 0 ? '' : `${plural(leftOut, 'more comparison')} did not fit here; compare.json has them.`,
    rows
      .filter(({ note }) => note !== '')
      .map(({ scenario, backend, note }) => escapeMarkdown(`${scenario}, ${backend}: ${note}`))
      .map((line) => `- ${line}`)
      .join('\n'),
    details('Base against base', controlTexts(gate)),
    details('Not alike on both sides', gate.differences.map(differenceText)),
    details('How', methodText(gate)),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function title({ outcome, kind }: Gate): string {
  switch (outcome) {
    case 'regression':
      return 'slower'
    case 'passed':
      return kind === 'stored' ? 'two stored runs' : 'no slowdown found'
    case 'invalid':
      return 'invalid, run it again'
    case 'failed':
      return 'not everything could be measured'
    case 'interrupted':
      return 'interrupted'
  }
}

function details(summary: string, lines: readonly string[]): string {
  if (lines.length === 0) return ''
  const items = lines.map((line) => `- ${escapeMarkdown(line)}`).join('\n')
  return `<details><summary>${summary}</summary>\n\n${items}\n\n</details>`
}
