import type { BackendFacts, K6Cell, K6Study, ScenarioFacts } from '../../bench/contract/index.ts'
import type { Shape } from './shape.ts'
import { HOSTILE } from './shape.ts'

/** What k6 could have seen: figures, one cell that dropped, one that failed, one with errors. */
export function inventedK6(
  { hostile }: Shape,
  scenarios: readonly ScenarioFacts[],
  backends: readonly BackendFacts[],
): K6Study {
  const cells = backends.flatMap(({ id }, b) =>
    [null, ...scenarios.slice(0, 3).map((scenario) => scenario.id)].map((scenario, s): K6Cell => {
      const place = { backend: id, scenario, target: b === 0 ? 'worker' : 'serve' } as const
      if (b === 1 && s === 1) {
        const message = hostile ? HOSTILE : 'No request was answered: HTTP 500.'
        return { ...place, outcome: 'failed', stage: 'measure', code: 'K6_FAILED', message, remedy: 'Invented remedy.' }
      }
      const dropped = b === 1 && s === 2 ? 37 : 0
      const failed = b === 2 && s === 2 ? 3 : 0
      const isLost = b === 2 && s === 3
      const p50 = 400_000 + 150_000 * b + 90_000 * s
      return {
        ...place,
        outcome: 'measured',
        offered: 1000,
        answered: 1000 - dropped - failed - (isLost ? 333 : 0),
        errors: failed === 0 ? [] : [{ code: hostile ? HOSTILE : 'HTTP 500', count: failed }],
        dropped,
        unfinished: isLost ? 333 : 0,
        lost: isLost ? [{ segment: 2, why: hostile ? HOSTILE : 'k6 ended with SIGKILL.' }] : [],
        valid: dropped === 0 && !isLost,
        quantiles: [0.5, 0.95, 0.99, 0.999].map((p, n) => ({ p, ns: n === 3 ? null : p50 * (1 + n / 2) })),
        minNs: p50 / 2,
        maxNs: p50 * 5,
        samples: `samples/k6/${b}.${s}.ns`,
      }
    }),
  )
  return {
    version: hostile ? HOSTILE : 'v2.2.0',
    ratePerSecond: 100,
    durationNs: 10e9,
    warmUpNs: 2e9,
    virtualUsers: 50,
    segments: hostile ? 3 : 1,
    sessions: 10,
    cells,
  }
}
