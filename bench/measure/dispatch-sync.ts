import type { Question, SyncOperation } from '../contract/index.ts'
import type { Stamps } from './open-loop.ts'

/** Sleeping ends up to this late, so the rest is waited for by looking at the clock. */
const SPIN_NS = 100_000

/** Nobody ever wakes it: waiting for it is sleeping, without the event loop. */
const bed = new Int32Array(new SharedArrayBuffer(4))

/**
 * Issues on the thread of the database, which is blocked while an operation runs. That costs no truth: when the next operation
 * was meant to start is written in the timetable, so what arrives meanwhile is issued late and its wait is counted
 * from its arrival. A thread of arrivals would find out nothing more, and would have to wake this one up
 * (bench/self/arrivals.ts measures what that costs).
 * @returns how many were issued
 */
export function dispatchSync(
  run: SyncOperation,
  questions: readonly Question[],
  { intendedNs, startNs, endNs, fail }: Stamps,
  endOfRunNs: number,
  clock: () => number,
): number {
  const asked = questions.length
  for (let n = 0; n < intendedNs.length; n += 1) {
    const dueNs = intendedNs[n]!
    let atNs = clock()
    while (atNs < dueNs) {
      if (dueNs - atNs > SPIN_NS) Atomics.wait(bed, 0, 0, (dueNs - atNs - SPIN_NS) / 1e6)
      atNs = clock()
    }
    if (atNs >= endOfRunNs) return n
    startNs[n] = atNs
    try {
      run(questions[n % asked]!)
    } catch (error) {
      fail(n, error)
    }
    endNs[n] = clock()
  }
  return intendedNs.length
}
