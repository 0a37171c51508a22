import betterSqlite3 from '../../../adapters/better-sqlite3.ts'
import { quantiles } from '../../analyze/quantiles.ts'
import { compileSync } from '../../contract/index.ts'
import type { SyncSession } from '../../contract/index.ts'
import { now } from '../../measure/clock.ts'
import { closedLoop } from '../../measure/closed-loop.ts'
import type { Loop, LoopInput } from '../recorder.ts'
import { drawn, MEMORY, questionsOf, setUpCalls, work } from '../select.ts'

/** What a round does: adapter, compiled scenario, closed loop. `wallNs` covers all that the loop does, also between its chunks. */
export async function ourLoop({ repetition, operations, warmUpNs }: LoopInput): Promise<Loop> {
  const session = (await betterSqlite3.connect({ file: MEMORY, durability: 'durable' })) as SyncSession
  session.batch(setUpCalls())
  const operation = { mode: 'sync', run: compileSync(work, session, betterSqlite3.dialect) } as const
  const source = drawn(questionsOf(repetition))

  await closedLoop(operation, source, { durationNs: warmUpNs, maxOperations: 1e9, minOperations: 1 })
  globalThis.gc?.()

  const start = now()
  const recording = await closedLoop(operation, source, {
    durationNs: Number.MAX_SAFE_INTEGER,
    maxOperations: operations,
    minOperations: 1,
  })
  const wallNs = Number(now() - start)
  session.close()
  const [p50Ns] = quantiles([recording.durationsNs], [0.5]) as [number]
  return { wallNs: wallNs / operations, measuredNs: recording.measuredNs / operations, p50Ns }
}
