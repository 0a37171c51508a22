import betterSqlite3 from '../../../adapters/better-sqlite3.ts'
import { quantiles } from '../../analyze/quantiles.ts'
import { compileSync } from '../../contract/index.ts'
import type { Question, SyncSession, Witnesses } from '../../contract/index.ts'
import { closedLoop } from '../../measure/closed-loop.ts'
import { watchMachine } from '../../measure/witnesses.ts'
import { drawn, MEMORY, questionsOf, setUpCalls, work } from '../select.ts'

/** Kept, so that the compiler cannot leave the turns out. */
let sum = 0

/** SELECTs an operation: some microseconds, so that a few percent of it are more than a processor does on the side. */
const SELECTS = 8

/** One round of operations of eight prepared SELECTs and so many turns of an idle loop: a slowdown of a known size. */
export async function gatedRound({
  turns,
  repetition,
  roundNs,
}: {
  readonly turns: number
  readonly repetition: number
  readonly roundNs: number
}): Promise<{ p50Ns: number; measuredNs: number; witnesses: Witnesses }> {
  const session = (await betterSqlite3.connect({ file: MEMORY, durability: 'durable' })) as SyncSession
  session.batch(setUpCalls())
  const select = compileSync(work, session, betterSqlite3.dialect)
  const run = (question: Question): ReturnType<typeof select> => {
    let rows = select(question)
    for (let more = 1; more < SELECTS; more += 1) rows = select(question)
    for (let turn = 0; turn < turns; turn += 1) sum = (sum + turn) | 0
    return rows
  }
  const operation = { mode: 'sync', run } as const
  const source = drawn(questionsOf(repetition))
  const limits = { maxOperations: 1e9, minOperations: 1 }
  await closedLoop(operation, source, { ...limits, durationNs: roundNs })
  const endWatch = watchMachine()
  const { durationsNs, measuredNs } = await closedLoop(operation, source, { ...limits, durationNs: roundNs })
  const { witnesses } = await endWatch()
  session.close()
  return { p50Ns: quantiles([durationsNs], [0.5])[0]!, measuredNs, witnesses }
}
