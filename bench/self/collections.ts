import { count } from '../../reports/format.ts'
import type { Budget } from './budget.ts'
import type { Section } from './finding.ts'
import { atMost } from './finding.ts'
import { inFreshProcess, interleaved } from './fresh.ts'

const PROCESSES = 3

/** A recorder that leaves objects behind puts pauses into the latencies of others. */
export async function collections(budget: Budget): Promise<Section> {
  const { collectionOperations: operations } = budget
  const seen = await interleaved(['silent', 'recorded'] as const, PROCESSES, (loop) =>
    inFreshProcess('collections', { operations, loop }),
  )
  const perMillion = (loop: 'silent' | 'recorded'): number =>
    Math.max(...seen[loop].map((one) => (one.collections / one.operations) * 1e6))
  return {
    title: `Garbage: collections in ${count(operations)} operations of the null adapter; the worst of ${PROCESSES} processes`,
    findings: [
      { what: 'a loop that records nothing, per million', figure: String(perMillion('silent')) },
      atMost(perMillion('recorded') - perMillion('silent'), 0, String, {
        what: 'caused by recording, per million',
      }),
    ],
  }
}
