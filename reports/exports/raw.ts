import type { MeasuredCell, Round, Run } from '../../bench/contract/index.ts'
import type { Samples, SamplesOf } from './exporter.ts'
import { measuredCells } from './names.ts'

/** Operations of one round that follow one another; `first` is the place of the first in its round. */
export interface RawBatch extends Samples {
  readonly cell: MeasuredCell
  readonly round: Round
  readonly first: number
}

/** Every operation of every measured cell, at most `most` at a time: one round's samples are in memory, never all. */
export function* rawBatches(run: Run, samplesOf: SamplesOf, most: number): Generator<RawBatch> {
  for (const cell of measuredCells(run)) {
    for (const round of cell.rounds) {
      const { latenciesNs, waitsNs } = samplesOf(round)
      for (let first = 0; first < latenciesNs.length; first += most) {
        const part = (all: Float64Array): Float64Array => all.subarray(first, first + most)
        yield { cell, round, first, latenciesNs: part(latenciesNs), waitsNs: waitsNs === null ? null : part(waitsNs) }
      }
    }
  }
}

/** Some 100 bytes a line make pieces of about a megabyte. */
const LINES = 8192

/** What a format writes around the figures of an operation. */
export interface Line {
  /** What is the same in all of a round. */
  readonly before: (batch: RawBatch) => string
  readonly between: string
  readonly wait: (ns: number | null) => string
  readonly end: string
}

/** One line an operation: its round, its place, its latency, its wait. */
export function* rawLines(run: Run, samplesOf: SamplesOf, line: Line): Generator<string> {
  for (const batch of rawBatches(run, samplesOf, LINES)) {
    const start = line.before(batch)
    const { first, latenciesNs, waitsNs } = batch
    let lines = ''
    for (const [n, ns] of latenciesNs.entries())
      lines += `${start}${first + n}${line.between}${ns}${line.wait(waitsNs?.[n] ?? null)}${line.end}`
    yield lines
  }
}
