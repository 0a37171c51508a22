import type { MeasuredCell, RoundTimeline, Run } from '../../bench/contract/index.ts'
import { doublings, pack } from './levels.ts'

/** Bins a decade of `Estimates.timeline`. */
export const TIMELINE_BINS = 12

/** Latencies of one cell over time: rounds side by side, each in slices of equal time. */
export interface OverTimeRow {
  readonly backend: number
  /** Of all slices. */
  readonly firstBin: number
  /** Bins of each slice, packed, as doublings of the count; slices are apart by a space, rounds by a bar. */
  readonly slices: string
  /** A digit a slice: `MARKS` of what was seen beside slow operations, added up. */
  readonly marks: string
  /** Of each round. */
  readonly repetitions: readonly number[]
  /** Of most rounds; their slices differ by what they took longer. */
  readonly sliceNs: number
  /** Places of the rounds that were measured in another run than the one before them. */
  readonly others: readonly number[]
}

export const MARKS = { gc: 1, runqueue: 2 } as const
/** Garbage was collected; a thread waited for a processor. */
export const LETTERS: Readonly<Record<keyof typeof MARKS, string>> = { gc: 'G', runqueue: 'P' }

export function overTimeRow(backend: number, cell: MeasuredCell, run: Run): OverTimeRow | null {
  const { timeline } = cell.estimates
  if (timeline === null) return null
  const all = timeline.flatMap(({ slices }) => slices.filter(({ counts }) => counts.length > 0))
  const firstBin = all.reduce((least, slice) => Math.min(least, slice.firstBin), Infinity)
  if (firstBin === Infinity) return null
  const sourceOf = (repetition: number): number =>
    run.sources.findIndex(({ repetitions }) => repetition >= repetitions.first && repetition < repetitions.end)
  return {
    backend,
    firstBin,
    slices: timeline
      .map(({ slices }) =>
        slices
          .map((slice) => {
            const before = Array.from({ length: Math.max(0, slice.firstBin - firstBin) }, () => 0)
            return pack([...before, ...slice.counts.map(doublings)])
          })
          .join(' '),
      )
      .join('|'),
    marks: timeline.flatMap((round) => marksOf(cell, round)).join(''),
    repetitions: timeline.map(({ repetition }) => repetition),
    sliceNs: Number(middleOf(timeline.map(({ sliceNs }) => sliceNs)).toPrecision(2)),
    others: timeline.flatMap(({ repetition }, n) =>
      n > 0 && sourceOf(repetition) !== sourceOf(timeline[n - 1]!.repetition) ? [n] : [],
    ),
  }
}

const middleOf = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

/** What was seen beside the slowest operations of a round, a sum of `MARKS` a slice. */
export function marksOf({ rounds }: MeasuredCell, { repetition, slices }: RoundTimeline): number[] {
  const round = rounds.find((one) => one.repetition === repetition)
  let first = 0
  return slices.map(({ counts }) => {
    const end = first + counts.reduce((sum, count) => sum + count, 0)
    const own = (round?.slow.worst ?? []).filter(({ index }) => index >= first && index < end)
    first = end
    const has = (cause: keyof typeof MARKS): number => (own.some((one) => one.cause === cause) ? MARKS[cause] : 0)
    return has('gc') + has('runqueue')
  })
}
