import { count } from '../../reports/format.ts'
import type { Round } from '../contract/index.ts'
import type { Budget } from './budget.ts'
import type { Section } from './finding.ts'
import { atMost } from './finding.ts'
import { inFreshProcess } from './fresh.ts'

const LIMIT_BYTES = 500e6
const ROUNDS = 5

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`

/** Every operation is kept, so a long round must not need a large machine. */
export async function memory(budget: Budget, output: string): Promise<Section> {
  const { memoryOperations: operations } = budget
  const whole = await inFreshProcess('memoryOfRound', { operations, output, id: 'one-round' })
  const rounds: Round[] = []
  for (let n = 0; n < ROUNDS; n += 1) {
    const id = 'many-rounds'
    rounds.push(
      (await inFreshProcess('memoryOfRound', { operations: operations / ROUNDS, output, id, repetition: n })).result,
    )
  }
  const pooled = await inFreshProcess('memoryOfEstimates', { output, id: 'many-rounds', rounds })
  return {
    title: 'Memory: the most that a process held',
    findings: [
      atMost(whole.peakBytes, LIMIT_BYTES, megabytes, {
        what: `one round of ${count(whole.result.operations)} operations`,
        range: 'recorded, encoded',
      }),
      atMost(pooled.peakBytes, LIMIT_BYTES, megabytes, {
        what: `estimates of ${count(pooled.result)} operations`,
        range: `decoded, pooled from ${ROUNDS}`,
      }),
    ],
  }
}
