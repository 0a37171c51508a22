import type { Gate } from '../bench/contract/index.ts'
import type { CompareRow } from './compare-view.ts'
import { controlTexts, differenceText, headline, methodText, rowsOf, sideText } from './compare-view.ts'
import { moment } from './format.ts'
import type { Paint } from './paint.ts'
import { fit, harmless, padLeft, padRight, painter, widthOf, wrap } from './paint.ts'
import type { TerminalOptions } from './terminal.ts'

const COLUMNS = [
  ['scenario', 'scenario'],
  ['backend', 'backend'],
  ['base', 'base'],
  ['head', 'head'],
  ['change', 'change'],
  ['interval', 'interval'],
  ['detectable', 'sees'],
  ['p99', 'p99 (sees)'],
  ['pairs', 'pairs'],
  ['verdict', 'verdict'],
] as const satisfies readonly (readonly [keyof CompareRow, string])[]

type Column = (typeof COLUMNS)[number][0]

/** What goes first where the terminal is narrow. */
const DISPENSABLE: readonly Column[] = ['pairs', 'p99', 'base', 'head']
const GAP = 2
const SHORTEST_SCENARIO = 14
/** So much of a title is worth more than the first two of these columns. */
const READABLE_SCENARIO = 22
const LONGEST_BACKEND = 20

/** What a person reads at the end of a comparison. Ends with a line break. */
export function renderCompareTerminal(gate: Gate, { width, color, files = [] }: TerminalOptions): string {
  const columns = Math.max(80, Math.min(width, 160))
  const paint = painter(color)
  const dim = (lines: readonly string[]): string[] => lines.map((line) => paint('dim', line))
  const wrapped = (label: string, text: string): string[] => wrap(`${label}${text}`, columns, ' '.repeat(label.length))
  const parts = [
    [
      `${paint('bold', 'sqlatency compare')}  ${harmless(gate.id)}, ${moment(gate.startedAt)}`,
      ...wrapped('base: ', sideText(gate.base)),
      ...wrapped('head: ', sideText(gate.head)),
    ],
    wrap(headline(gate), columns).map((line) => paint(gate.outcome === 'passed' ? 'green' : 'yellow', line)),
    table(rowsOf(gate), paint, columns),
    rowsOf(gate).flatMap(({ scenario, backend, note }) =>
      note === '' ? [] : wrap(`${scenario}, ${backend}: ${note}`, columns, '  '),
    ),
    section('Base against base', controlTexts(gate), paint, columns),
    section('Not alike', gate.differences.map(differenceText), paint, columns),
    dim(methodText(gate).flatMap((text) => wrap(text, columns))),
    files.map((file) => `${paint('bold', 'Stored')}  ${harmless(file)}`),
  ]
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => line.trimEnd()).join('\n'))
    .join('\n\n')}\n`
}

function section(title: string, lines: readonly string[], paint: Paint, columns: number): string[] {
  return lines.length === 0 ? [] : [paint('bold', title), ...lines.flatMap((line) => wrap(`  ${line}`, columns, '  '))]
}

function table(rows: readonly CompareRow[], paint: Paint, columns: number): string[] {
  const widthOfColumn = ([column, head]: (typeof COLUMNS)[number]): number => {
    const widest = Math.max(widthOf(head), ...rows.map((row) => widthOf(harmless(row[column]))))
    return column === 'backend' ? Math.min(widest, LONGEST_BACKEND) : widest
  }
  const needs = (chosen: readonly (typeof COLUMNS)[number][], scenario = SHORTEST_SCENARIO): number =>
    chosen.reduce((sum, one) => sum + GAP + (one[0] === 'scenario' ? scenario : widthOfColumn(one)), -GAP)
  let chosen: readonly (typeof COLUMNS)[number][] = COLUMNS
  for (const [nth, column] of DISPENSABLE.entries())
    if (needs(chosen, nth < 2 ? READABLE_SCENARIO : SHORTEST_SCENARIO) > columns)
      chosen = chosen.filter(([one]) => one !== column)
  const spare = columns - needs(chosen) + SHORTEST_SCENARIO
  const line = (text: (column: Column, head: string) => string): string =>
    chosen
      .map((one) => {
        const [column, head] = one
        const width =
          column === 'scenario' ? Math.min(widthOfColumn(one), Math.max(SHORTEST_SCENARIO, spare)) : widthOfColumn(one)
        const isText = column === 'scenario' || column === 'backend' || column === 'verdict'
        return (isText ? padRight : padLeft)(fit(text(column, head), width), width)
      })
      .join(' '.repeat(GAP))
  return [
    paint(
      'dim',
      line((_, head) => head),
    ),
    ...rows.map((row) =>
      colored(
        row,
        paint,
        line((column) => harmless(row[column])),
      ),
    ),
  ]
}

function colored({ verdict }: CompareRow, paint: Paint, line: string): string {
  switch (verdict) {
    case 'slower':
    case 'failed':
      return paint('red', line)
    case 'faster':
      return paint('green', line)
    case 'inconclusive':
    case 'not compared':
      return paint('dim', line)
    case 'same':
      return line
  }
}
