import type { MeasuredCell } from '../bench/contract/index.ts'
import { MARKS, marksOf } from './charts/over-time-data.ts'
import { MISSING, count, duration, ordinal } from './format.ts'

export const OVER_TIME_HEADS = ['operations in a slice', 'longest', 'garbage', 'no processor'] as const

/** One cell over time in the words of that table. Null where its operations have no place in time. */
export function overTimeCells(cell: MeasuredCell): readonly string[] | null {
  const { timeline, maxNs } = cell.estimates
  if (timeline === null || timeline.length === 0) return null
  const slices = timeline.flatMap((round) => round.slices)
  const operations = slices.map(({ counts }) => counts.reduce((sum, one) => sum + one, 0))
  const marks = timeline.flatMap((round) => marksOf(cell, round))
  const withMark = (mark: number): string => {
    const slicesWith = marks.filter((one) => (one & mark) !== 0).length
    return slicesWith === 0 ? MISSING : `${count(slicesWith)} of ${count(slices.length)}`
  }
  const longest = cell.rounds.find((round) => round.maxNs === maxNs)
  return [
    ends(operations),
    duration(maxNs) + (longest === undefined ? '' : `, ${ordinal(longest.repetition + 1)} round`),
    withMark(MARKS.gc),
    withMark(MARKS.runqueue),
  ]
}

function ends(values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)].map(count)
  return low === high ? low! : `${low} – ${high}`
}
