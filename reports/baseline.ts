import type { History, HistoryChange, HistorySeries } from '../bench/contract/index.ts'
import type { CompareRow } from './compare-view.ts'
import { differenceText, rowsOf } from './compare-view.ts'
import { change, changeInterval, list, moment, plural } from './format.ts'
import type { View } from './view.ts'

export const NO_BASELINE =
  'This report was made without an earlier run: `sqlatency report EARLIER THIS` holds two against each other, `sqlatency report --history results/` shows all of them.'

export const BASELINE_ABOUT =
  'Earlier runs inform and never decide: between two jobs a machine changes by more than most code does. To judge a change, measure both sides in one job with `sqlatency compare --base REF`.'

export const DELTA_HEADS = [
  'Scenario',
  'Backend',
  'Then',
  'Now',
  'Change',
  '99 % interval',
  'Would see',
  'Verdict',
] as const

/** A verdict never by its colour alone. */
const SYMBOLS: Readonly<Record<CompareRow['verdict'], string>> = {
  slower: '▲ slower',
  faster: '▼ faster',
  same: '= no change',
  inconclusive: '? inconclusive',
  failed: 'failed',
  'not compared': 'not compared',
}

export interface Delta {
  readonly row: CompareRow
  readonly verdict: string
  readonly cells: readonly string[]
}

/** Rows against one earlier run; none where none was named. */
export function deltas(view: View): Delta[] {
  if (view.baseline === null) return []
  return rowsOf(view.baseline).map((row) => ({
    row,
    verdict: SYMBOLS[row.verdict],
    cells: [row.base, row.head, row.change, row.interval, row.detectable],
  }))
}

/** What the two runs do not share, and what single rows have to say. */
export function deltaRemarks(view: View): string[] {
  if (view.baseline === null) return []
  const { differences } = view.baseline
  const notes = deltas(view).flatMap(({ row }) =>
    row.note === '' ? [] : [`${row.scenario}, ${view.name(row.backend)}: ${row.note}`],
  )
  return [...differences.map((one) => `Not alike: ${differenceText(one)}`), ...notes]
}

/** Which runs the trend holds, and which it had to leave out. */
export function historyText(view: View, { runs, leftOut, reference }: History): string {
  const [first, last] = [runs[0], runs.at(-1)]
  if (first === undefined || last === undefined) return 'None of the stored runs has a result.'
  const missing = [
    [leftOut.otherMachine, 'of another machine'],
    [leftOut.otherLoad, 'at another load'],
    [leftOut.unfinished, 'without a result'],
  ].flatMap(([count, why]) => (count === 0 ? [] : [`${plural(count as number, 'run')} ${why}`]))
  const held =
    reference === null
      ? ''
      : ` Change points are looked for in the ratio to ${view.name(reference)}, which was measured in the same jobs; of itself none can be told.`
  const apart = missing.length === 0 ? '' : ` Left out: ${list(missing)}.`
  return `${plural(runs.length, 'run')} from ${moment(first.startedAt)} to ${moment(last.startedAt)}, on machines like this one.${apart}${held}`
}

export interface ChangeWords {
  readonly text: string
  readonly run: string
  readonly commit: string | null
  /** Where the commit can be looked at. */
  readonly url: string | null
}

const size = ({ change: { value } }: HistoryChange): number => Math.abs(Math.log1p(value))

/** Every change point in words, the largest first. */
export function changeWords(view: View, history: History): ChangeWords[] {
  return history.series
    .flatMap((series) => series.changes.map((found) => ({ series, found })))
    .toSorted((a, b) => size(b.found) - size(a.found))
    .map(({ series, found }) => {
      const { id, commit } = history.runs[found.run]!
      return { text: changeText(view, series, found), run: id, commit, url: urlOf(history.commitUrl, commit) }
    })
}

function changeText(
  view: View,
  { backend, scenario }: HistorySeries,
  { change: { value, low, high } }: HistoryChange,
): string {
  const title = view.scenarios.find(({ id }) => id === scenario)?.title ?? scenario
  return `${title}, ${view.name(backend)}: ${change(value)} (${changeInterval(low, high)})`
}

/** A working tree with changes is no commit that anybody could look at. */
function urlOf(pattern: string | null, commit: string | null): string | null {
  if (pattern === null || commit === null || !/^https?:/.test(pattern)) return null
  return /^[0-9a-f]+$/.test(commit) ? pattern.replace('%s', commit) : null
}
