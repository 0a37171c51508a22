import type { AsyncOperation, Question, SyncOperation } from '../contract/index.ts'
import { codeOf } from '../contract/index.ts'
import { now, stampsToDurations } from './clock.ts'
import type { QuestionSource } from './draw.ts'

/** One caller that asks, waits for the answer and asks again. What it records is service time. */
export interface LoopBudget {
  readonly durationNs: number
  /** Stops earlier when so many operations are recorded. */
  readonly maxOperations: number
  /** Goes on until so many operations are recorded, even past the duration. */
  readonly minOperations: number
}

export interface Recording {
  /** Nanoseconds of every operation that succeeded, in time order. */
  readonly durationsNs: Float64Array
  /** Time of all operations, also of those that failed, without the pauses between chunks. */
  readonly measuredNs: number
  readonly errors: ReadonlyMap<string, number>
  /** The message of the first operation that failed. */
  readonly firstError: unknown
}

/** Questions that are drawn at a time. */
const SEGMENT = 65_536
/** Roughly how long the loop runs without looking up. */
const CHUNK_NS = 2_000_000
/** Durations that are made room for at once: 128 MB, of which only pages that are written to are ever mapped. */
const MOST_ROOM = 16_777_216
/** A database that only fails must not spin for the whole round. */
export const MAX_ERRORS = 100

/**
 * Runs operations back to back with one chained reading of the clock each: the end of one is the start of the next.
 * Nothing else happens between two readings. The loops themselves are `chunkSync` and `chunkAsync`;
 * between two chunks no clock runs.
 */
export async function closedLoop(
  operation:
    | { readonly mode: 'sync'; readonly run: SyncOperation }
    | { readonly mode: 'async'; readonly run: AsyncOperation },
  source: QuestionSource,
  budget: LoopBudget,
): Promise<Recording> {
  const stamps = new BigInt64Array(SEGMENT + 1)
  const recorder = new Recorder(budget.maxOperations)
  let questions: Question[] = []
  let operationNs = CHUNK_NS
  while (recorder.wants(budget)) {
    const wanted = segmentLength(budget, recorder, operationNs)
    if (questions.length < wanted || source.once) questions = source.block(wanted)
    const limit = Math.min(wanted, questions.length)
    let next = 0
    while (next < limit && recorder.wants(budget)) {
      const count = Math.min(limit - next, Math.max(1, Math.floor(CHUNK_NS / operationNs)))
      stamps.fill(0n, 0, count + 1)
      try {
        if (operation.mode === 'sync') await chunkSync(operation.run, questions, next, count, stamps)
        else await chunkAsync(operation.run, questions, next, count, stamps)
        operationNs = Math.max(1, recorder.take(stamps, count) / count)
        next += count
      } catch (error) {
        const succeeded = firstUnset(stamps, count)
        const failedNs = Number(now() - stamps[succeeded]!)
        recorder.take(stamps, succeeded)
        recorder.fail(error, failedNs)
        next += succeeded + 1
      }
    }
  }
  return recorder.recording()
}

/**
 * Rejects on the first operation that fails; `stamps` then tells how far it came. Holds no `await`, and is async all the same,
 * because V8 inlines no async function. Inlined, it would run in the code of `closedLoop`, which is optimized late
 * and until then allocates every reading of the clock: 16 collections in 30 million operations, and slower ones.
 */
async function chunkSync(
  run: SyncOperation,
  questions: readonly Question[],
  from: number,
  count: number,
  stamps: BigInt64Array,
): Promise<void> {
  stamps[0] = now()
  for (let n = 0; n < count;) {
    run(questions[from + n]!)
    n += 1
    stamps[n] = now()
  }
}

async function chunkAsync(
  run: AsyncOperation,
  questions: readonly Question[],
  from: number,
  count: number,
  stamps: BigInt64Array,
): Promise<void> {
  stamps[0] = now()
  for (let n = 0; n < count;) {
    await run(questions[from + n]!)
    n += 1
    stamps[n] = now()
  }
}

/** How many operations of a chunk have an end. */
function firstUnset(stamps: BigInt64Array, count: number): number {
  let n = 0
  while (n < count && stamps[n + 1] !== 0n) n += 1
  return n
}

/** Draws no more questions than the rest of the time can use, twice over: drawing costs more than many operations. */
function segmentLength(budget: LoopBudget, recorder: Recorder, operationNs: number): number {
  const left = Math.min(SEGMENT, budget.maxOperations - recorder.operations)
  if (recorder.operations === 0 && recorder.errorCount === 0) return Math.min(left, Math.max(budget.minOperations, 64))
  const leftNs = Math.max(0, budget.durationNs - recorder.measuredNs)
  const useful = Math.max(1, Math.ceil((2 * leftNs) / operationNs), budget.minOperations - recorder.operations)
  return Math.min(left, useful)
}

class Recorder {
  measuredNs = 0
  operations = 0
  errorCount = 0
  #durations: Float64Array
  readonly #errors = new Map<string, number>()
  #firstError: unknown = null

  constructor(maxOperations: number) {
    this.#durations = room(Math.min(maxOperations, MOST_ROOM))
  }

  wants(budget: LoopBudget): boolean {
    if (this.errorCount >= MAX_ERRORS || this.operations >= budget.maxOperations) return false
    return this.measuredNs < budget.durationNs || this.operations < budget.minOperations
  }

  fail(error: unknown, spentNs: number): void {
    const code = codeOf(error)
    this.#errors.set(code, (this.#errors.get(code) ?? 0) + 1)
    this.#firstError ??= error
    this.errorCount += 1
    this.measuredNs += spentNs
  }

  /** Takes over the durations of a chunk. Returns how long it took. */
  take(stamps: BigInt64Array, count: number): number {
    if (this.operations + count > this.#durations.length) {
      const larger = room(this.#durations.length * 2)
      larger.set(this.#durations)
      this.#durations = larger
    }
    stampsToDurations(stamps, count, this.#durations, this.operations)
    this.operations += count
    const spentNs = Number(stamps[count]! - stamps[0]!)
    this.measuredNs += spentNs
    return spentNs
  }

  recording(): Recording {
    const durationsNs = this.#durations.subarray(0, this.operations)
    return { durationsNs, measuredNs: this.measuredNs, errors: this.#errors, firstError: this.#firstError }
  }
}

/**
 * Shared, because V8 leaves shared memory out of its account of external memory. Every 64 MB on that account
 * start a collection, and that would fall into an operation.
 */
const room = (durations: number): Float64Array =>
  new Float64Array(new SharedArrayBuffer(durations * Float64Array.BYTES_PER_ELEMENT))
