import nothing from '../../../adapters/null.ts'
import { compileSync } from '../../contract/index.ts'
import type { Question, SyncOperation, SyncSession } from '../../contract/index.ts'
import { closedLoop } from '../../measure/closed-loop.ts'
import { watchMachine } from '../../measure/witnesses.ts'
import { drawn, MASK, questionsOf, work } from '../select.ts'

export interface CollectionInput {
  readonly operations: number
  /** `silent`: the same calls without a recorder. */
  readonly loop: 'silent' | 'recorded'
}

export interface Collections {
  readonly operations: number
  readonly collections: number
}

/** Collections while an operation that allocates nothing runs: whatever is collected, the loop around it left behind. */
export async function collections({ operations, loop }: CollectionInput): Promise<Collections> {
  const session = (await nothing.connect(null)) as SyncSession
  const run = compileSync(work, session, nothing.dialect)
  const questions = questionsOf(0)
  const recorded = async (count: number): Promise<number> => {
    const limits = { durationNs: Number.MAX_SAFE_INTEGER, maxOperations: count, minOperations: 1 }
    return (await closedLoop({ mode: 'sync', run }, drawn(questions), limits)).durationsNs.length
  }
  const go = loop === 'silent' ? (count: number) => silent(run, questions, count) : recorded
  await go(200_000)
  globalThis.gc?.()
  const endWatch = watchMachine()
  const done = await go(operations)
  const { gcCount } = (await endWatch()).witnesses
  return { operations: done, collections: gcCount }
}

function silent(run: SyncOperation, questions: readonly Question[], count: number): number {
  for (let n = 0; n < count; n += 1) run(questions[n & MASK]!)
  return count
}
