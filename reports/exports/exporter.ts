import type { Round, Run } from '../../bench/contract/index.ts'

/** Operations of one round in time order, nanoseconds. */
export interface Samples {
  /** From the call to the answer. */
  readonly latenciesNs: Float64Array
  /** From the moment when each was due to its call: response time is the sum. Null in a closed loop. */
  readonly waitsNs: Float64Array | null
}

/** Whoever exports knows where samples are stored. */
export type SamplesOf = (round: Round) => Samples

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
