import type { AsyncOperation, Question } from '../contract/index.ts'
import { codeOf } from '../contract/index.ts'
import { stopwatch } from './clock.ts'
import type { LoopBudget, Recording } from './closed-loop.ts'
import { MAX_ERRORS } from './closed-loop.ts'
import type { QuestionSource } from './draw.ts'

/** Questions that can be asked again: no more are drawn. */
const REPEATED = 4096
/** Questions that cannot. They are all drawn before the clock starts, so it ends with them. */
const ONCE = 262_144

/**
 * Several callers in a closed loop on one async session: each asks its next question when it has the answer to the last.
 * What is recorded is service time, in the order of the ends; it takes a pair of clock readings, because callers overlap.
 */
export async function callersLoop(
  run: AsyncOperation,
  source: QuestionSource,
  budget: LoopBudget,
  callers: number,
): Promise<Recording> {
  const questions = source.block(Math.min(REPEATED, budget.maxOperations))
  const most = source.once ? Math.min(ONCE, budget.maxOperations) : budget.maxOperations
  if (source.once) for (const question of source.block(most - questions.length)) questions.push(question)
  const durations = new Float64Array(new SharedArrayBuffer(most * Float64Array.BYTES_PER_ELEMENT))
  const errors = new Map<string, number>()
  let firstError: unknown = null
  let [asked, done, failed] = [0, 0, 0]
  const clock = stopwatch()

  const caller = async (): Promise<void> => {
    let startNs = clock()
    while (
      asked < most &&
      failed < MAX_ERRORS &&
      (startNs < budget.durationNs || asked < Math.min(budget.minOperations, most))
    ) {
      const question: Question = questions[asked % questions.length]!
      asked += 1
      try {
        startNs = clock()
        await run(question)
        const endNs = clock()
        durations[done] = endNs - startNs
        done += 1
        startNs = endNs
      } catch (error) {
        failed += 1
        firstError ??= error
        errors.set(codeOf(error), (errors.get(codeOf(error)) ?? 0) + 1)
        startNs = clock()
      }
    }
  }
  await Promise.all(Array.from({ length: callers }, caller))
  return { durationsNs: durations.subarray(0, done), measuredNs: clock(), errors, firstError }
}
