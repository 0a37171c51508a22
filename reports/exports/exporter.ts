import type { Round, Run } from '../../bench/contract/index.ts'

/** Latencies of one round in time order, nanoseconds. Whoever exports knows where they are stored. */
export type SamplesOf = (round: Round) => Float64Array

/**
 * One file in the words of another tool: a pure function from a run and its samples to pieces, so that millions of
 * operations pass through without ever being in memory together.
 */
export interface ExportedFile {
  readonly name: string
  readonly chunks: (run: Run, samplesOf: SamplesOf) => Iterable<string | Uint8Array>
}

export interface Exporter {
  readonly id: string
  /** A binary file never goes to a terminal. */
  readonly form: 'text' | 'binary'
  readonly files: readonly ExportedFile[]
}
