import type { Session } from '../../contract/index.ts'
import { compileAsync, compileSync, rowCount, seededRandom, single } from '../../contract/index.ts'
import type { ArrivalPlan } from '../../measure/arrivals.ts'
import { timetable } from '../../measure/arrivals.ts'
import { questionSource } from '../../measure/draw.ts'
import type { OpenBudget, OpenRecording } from '../../measure/open-loop.ts'
import { openLoop } from '../../measure/open-loop.ts'
import { openSynthetic, TIMED } from '../synthetic/backend.ts'
import type { Ledger } from '../synthetic/ledger.ts'
import { openQueue } from '../synthetic/queue.ts'

const SEED = 5
const work = single(TIMED)

export interface OpenRound {
  /** As drawn, and kept apart from what the loop was given. */
  readonly timetableNs: Float64Array
  readonly recording: OpenRecording
  readonly ledger: Ledger
}

type Limits = Pick<OpenBudget, 'endOfRunNs' | 'concurrency'>

/** Long enough, and with places enough, to issue everything at its time. */
const LIMITLESS: Limits = { endOfRunNs: Number.MAX_SAFE_INTEGER, concurrency: 1024 }

/** One round at a rate, against a server that takes one operation at a time. */
export async function openRound(
  mode: Session['mode'],
  plan: ArrivalPlan,
  intended: (operations: number) => BigInt64Array,
  { endOfRunNs, concurrency }: Limits = LIMITLESS,
): Promise<OpenRound> {
  const intendedNs = timetable(plan, seededRandom(SEED))
  const timetableNs = intendedNs.slice()
  const { session, ledger } =
    mode === 'sync' ? openSynthetic('sync', intended(intendedNs.length)) : openQueue(intended(intendedNs.length))
  const operation =
    session.mode === 'sync'
      ? ({ mode: 'sync', run: compileSync(work, session, 'sqlite') } as const)
      : ({ mode: 'async', run: compileAsync(work, session, 'sqlite') } as const)
  const source = questionSource(work, rowCount(1), [SEED])
  const recording = await openLoop(operation, source, { intendedNs, concurrency, endOfRunNs })
  await session.close()
  return { timetableNs, recording, ledger }
}

/** Response times of one server that serves in the order of arrival: nothing of it is measured but how long each operation took. */
export function replay(timetableNs: Float64Array, serviceNs: Float64Array): Float64Array {
  let freeNs = 0
  return serviceNs.map((service, n) => {
    freeNs = Math.max(freeNs, timetableNs[n]!) + service
    return freeNs - timetableNs[n]!
  })
}
