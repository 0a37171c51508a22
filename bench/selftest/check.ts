import type { Workplace } from '../run/scope.ts'
import type { Row } from './row.ts'

/** What a check is handed. */
export interface Bench {
  /** A tenth of the work: enough to see a defect, too little to judge a machine by. */
  readonly quick: boolean
  /** Whether rows of kind `timed` are wanted at all. */
  readonly timed: boolean
  readonly place: Workplace
  readonly signal: AbortSignal
}

/** A part of the instrument, held against something whose truth is known. */
export interface Check {
  readonly id: string
  readonly title: string
  readonly run: (bench: Bench) => Promise<Row[]>
}
