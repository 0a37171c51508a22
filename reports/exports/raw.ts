import type { MeasuredCell, Round, Run } from '../../bench/contract/index.ts'
import type { SamplesOf } from './exporter.ts'
import { measuredCells } from './names.ts'

/** Operations of one round that follow one another, nanoseconds; `first` is the place of the first in its round. */
export interface RawBatch {
  readonly cell: MeasuredCell
  readonly round: Round
  readonly first: number
  readonly latenciesNs: Float64Array
}

/** Every operation of every measured cell, at most `most` at a time: one round's samples are in memory, never all. */
export function* rawBatches(run: Run, samplesOf: SamplesOf, most: number): Generator<RawBatch> {
  for (const cell of measuredCells(run)) {
    for (const round of cell.rounds) {
      const all = samplesOf(round)
      for (let first = 0; first < all.length; first += most) {
        yield { cell, round, first, latenciesNs: all.subarray(first, first + most) }
      }
    }
  }
}

/** Some 100 bytes a line make pieces of about a megabyte. */
const LINES = 8192

/** One line an operation: what `before` says of its round, its place, `between`, its nanoseconds, `after`. */
export function* rawLines(
  run: Run,
  samplesOf: SamplesOf,
  before: (batch: RawBatch) => string,
  between: string,
  after: string,
): Generator<string> {
  for (const batch of rawBatches(run, samplesOf, LINES)) {
    const start = before(batch)
    let lines = ''
    for (const [n, ns] of batch.latenciesNs.entries()) lines += `${start}${batch.first + n}${between}${ns}${after}`
    yield lines
  }
}
