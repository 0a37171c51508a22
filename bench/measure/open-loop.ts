import type { AsyncOperation, Question, SyncOperation } from '../contract/index.ts'
import { codeOf } from '../contract/index.ts'
import { stopwatch } from './clock.ts'
import { dispatchAsync } from './dispatch-async.ts'
import { dispatchSync } from './dispatch-sync.ts'
import type { QuestionSource } from './draw.ts'

/** Operations that keep to a timetable, whether or not the database keeps up: what users do. */
export interface OpenBudget {
  /** Ascending nanoseconds from the start of the round, from `timetable`. */
  readonly intendedNs: Float64Array
  /**
   * Operations that may be under way at once, so that a database that stopped answering does not fill the memory.
   * A sync session takes one, whatever is said here.
   */
  readonly concurrency: number
  /** What could not be issued by then is given up, and stays in the record as unissued. */
  readonly endOfRunNs: number
}

/** Three stamps an operation, in nanoseconds from the start of the round and in the order of the timetable. */
export interface OpenRecording {
  readonly intendedNs: Float64Array
  /** Of those that were issued: the first of the timetable, so it may be shorter. Never before the intended time. */
  readonly startNs: Float64Array
  /** As long as `startNs`, also of those that failed. */
  readonly endNs: Float64Array
  /** 1 for an operation that threw. */
  readonly failed: Uint8Array
  readonly errors: ReadonlyMap<string, number>
  readonly firstError: unknown
  /** An operation that was not issued would have taken at least from its intended time until here. */
  readonly endOfRunNs: number
  /** Operations that could be under way at once: 1 for a sync session. */
  readonly concurrency: number
}

/** Questions that are drawn; where they may be asked twice, they are asked again from the first. */
const SEGMENT = 65_536

/** What a dispatcher fills: all of it is there before the clock starts. */
export interface Stamps {
  readonly intendedNs: Float64Array
  readonly startNs: Float64Array
  readonly endNs: Float64Array
  fail(n: number, error: unknown): void
}

/**
 * Open loop: operation n is issued at its intended time or as soon after as a place is free, never earlier and never left out.
 * What a closed loop hides, the wait of those that arrive while the database is busy, is then in `start - intended`
 * (coordinated omission: wrk2's README; Schroeder et al., "Open versus closed", NSDI 2006).
 */
export async function openLoop(
  operation:
    | { readonly mode: 'sync'; readonly run: SyncOperation }
    | { readonly mode: 'async'; readonly run: AsyncOperation },
  source: QuestionSource,
  budget: OpenBudget,
): Promise<OpenRecording> {
  const { intendedNs, endOfRunNs } = budget
  const offered = intendedNs.length
  const questions = draw(source, offered)
  const failed = new Uint8Array(offered)
  const errors = new Map<string, number>()
  let firstError: unknown = null
  const stamps: Stamps = {
    intendedNs,
    startNs: room(offered),
    endNs: room(offered),
    fail(n, error) {
      failed[n] = 1
      firstError ??= error
      const code = codeOf(error)
      errors.set(code, (errors.get(code) ?? 0) + 1)
    },
  }
  const concurrency = operation.mode === 'sync' ? 1 : Math.max(1, Math.min(budget.concurrency, offered))
  const clock = stopwatch()
  const issued =
    operation.mode === 'sync'
      ? dispatchSync(operation.run, questions, stamps, endOfRunNs, clock)
      : await dispatchAsync(operation.run, questions, stamps, endOfRunNs, concurrency, clock)
  return {
    intendedNs,
    startNs: stamps.startNs.subarray(0, issued),
    endNs: stamps.endNs.subarray(0, issued),
    failed: failed.subarray(0, issued),
    errors,
    firstError,
    endOfRunNs,
    concurrency,
  }
}

function draw(source: QuestionSource, offered: number): Question[] {
  const questions = source.block(Math.min(SEGMENT, offered))
  if (source.once) for (const question of source.block(offered - questions.length)) questions.push(question)
  return questions
}

const room = (length: number): Float64Array =>
  new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT))
