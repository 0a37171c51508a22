import { Worker } from 'node:worker_threads'
import nothing from '../../../adapters/null.ts'
import { openTimes } from '../../analyze/open-loop.ts'
import { quantiles } from '../../analyze/quantiles.ts'
import type { SyncSession } from '../../contract/index.ts'
import { compileSync, seededRandom } from '../../contract/index.ts'
import { timetable } from '../../measure/arrivals.ts'
import { stopwatch } from '../../measure/clock.ts'
import { openLoop } from '../../measure/open-loop.ts'
import { SEED } from '../budget.ts'
import { drawn, questionsOf, work } from '../select.ts'

/** `thread`: a second thread keeps the timetable and wakes the thread of the database up at each arrival. */
export type Dispatch = 'sync' | 'async' | 'thread'

export interface ArrivalsInput {
  readonly dispatch: Dispatch
  readonly ratePerSecond: number
  readonly durationNs: number
  readonly repetition: number
}

export interface Arrived {
  readonly p50Ns: number
  readonly p99Ns: number
  readonly maxNs: number
  /** Rate that was issued over the one that was asked for, less 1. */
  readonly stretched: number
}

/** How late operations that take no time are issued. */
export async function arrivals({ dispatch, ratePerSecond, durationNs, repetition }: ArrivalsInput): Promise<Arrived> {
  const plan = { ratePerSecond, arrivals: 'poisson', durationNs } as const
  const intendedNs = timetable(plan, seededRandom(SEED, 'arrivals', repetition))
  if (dispatch === 'thread') {
    await throughThread(timetable({ ...plan, durationNs: WARM_UP_NS }, seededRandom(SEED)))
    return summary(await throughThread(intendedNs), intendedNs, durationNs)
  }
  const session = (await nothing.connect(null)) as SyncSession
  const run = compileSync(work, session, nothing.dialect)
  const operation =
    dispatch === 'sync' ? ({ mode: 'sync', run } as const) : ({ mode: 'async', run: async () => run([]) } as const)
  const source = drawn(questionsOf(0))
  const budget = { concurrency: 1024, endOfRunNs: durationNs * 2 }
  const warmUp = timetable({ ...plan, durationNs: WARM_UP_NS }, seededRandom(SEED))
  await openLoop(operation, source, { ...budget, intendedNs: warmUp })
  const recording = await openLoop(operation, source, { ...budget, intendedNs })
  return summary(openTimes(recording).latenessNs, intendedNs, durationNs)
}

const WARM_UP_NS = 200e6

function summary(latenessNs: Float64Array, intendedNs: Float64Array, durationNs: number): Arrived {
  const [p50Ns, p99Ns, maxNs] = quantiles([latenessNs], [0.5, 0.99, 1]) as [number, number, number]
  const last = latenessNs.length - 1
  // All were issued within the timetable, or by as much later as the last of them was.
  const spanNs = Math.max(durationNs, intendedNs[last]! + latenessNs[last]!)
  return { p50Ns, p99Ns, maxNs, stretched: latenessNs.length / intendedNs.length / (spanNs / durationNs) - 1 }
}

/** What the harness does without: see bench/measure/dispatch-sync.ts. */
async function throughThread(intendedNs: Float64Array): Promise<Float64Array> {
  const arrived = new Int32Array(new SharedArrayBuffer(8))
  const worker = new Worker(new URL('arrival-thread.ts', import.meta.url), { workerData: { intendedNs, arrived } })
  await new Promise((resolve) => worker.once('message', resolve))
  const latenessNs = new Float64Array(intendedNs.length)
  const clock = stopwatch()
  Atomics.store(arrived, 1, 1)
  Atomics.notify(arrived, 1)
  for (let n = 0; n < intendedNs.length; n += 1) {
    while (Atomics.load(arrived, 0) <= n) Atomics.wait(arrived, 0, n)
    latenessNs[n] = clock() - intendedNs[n]!
  }
  await worker.terminate()
  return latenessNs
}
