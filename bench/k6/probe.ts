import { SharedArray } from 'k6/data'
import exec from 'k6/execution'
import http from 'k6/http'
import { Counter, Trend } from 'k6/metrics'
import type { Options } from 'k6/options'

/**
 * Asks the questions of one scenario at a constant rate: of a D1 Worker of sqlatency, or of `sqlatency serve`. k6 runs it as it is.
 * Rate, time and questions were written beside it by `sqlatency k6`; the same seed gives every backend the same ones.
 *
 *     k6 run -e SQLATENCY_URL=... -e SQLATENCY_TOKEN=... -e SQLATENCY_K6_SCENARIO=point-read probe.ts
 *
 * It fails (exit code 99) when anything failed or was dropped, or when fewer iterations than were offered came to their end.
 */
interface Plan {
  readonly scenarios: readonly string[]
  readonly ratePerSecond: number
  readonly warmUpIterations: number
  readonly iterations: number
  readonly durationMs: number
  readonly virtualUsers: number
}

const plan = JSON.parse(open('./plan.json')) as Plan
/** `/empty` for requests that do nothing. */
const scenario = __ENV['SQLATENCY_K6_SCENARIO'] ?? plan.scenarios[0] ?? '/empty'
const isEmpty = scenario === '/empty'
const url = `${__ENV['SQLATENCY_URL']}${isEmpty ? '/empty' : '/operation'}`
const headers = { authorization: `Bearer ${__ENV['SQLATENCY_TOKEN']}`, 'content-type': 'application/json' }
const total = plan.warmUpIterations + plan.iterations
/** One copy for all virtual users. */
const bodies = isEmpty
  ? null
  : new SharedArray<string>('questions', () => JSON.parse(open(`./${scenario}.questions.json`)) as string[])

/** Milliseconds, of answers after the warm-up. */
const operation = new Trend('sqlatency_operation', true)
const failed = new Counter('sqlatency_failed')
/** Iterations that came to their end: k6 goes on after an exception, and exits with 0. */
const ended = new Counter('sqlatency_ended')

export const options: Options = {
  scenarios: {
    probe: {
      executor: 'constant-arrival-rate',
      rate: plan.ratePerSecond,
      timeUnit: '1s',
      duration: `${plan.durationMs}ms`,
      preAllocatedVUs: plan.virtualUsers,
      maxVUs: plan.virtualUsers,
      gracefulStop: '10s',
    },
  },
  thresholds: {
    sqlatency_failed: ['count==0'],
    sqlatency_ended: [`count>=${total - 1}`],
    dropped_iterations: ['count==0'],
  },
  summaryTrendStats: ['count', 'min', 'med', 'p(95)', 'p(99)', 'max'],
  // No tags, so that neither address nor anything else of the target gets into the output.
  systemTags: [],
  discardResponseBodies: true,
  maxRedirects: 0,
}

export default function probe(): void {
  const n = exec.scenario.iterationInTest
  // The timetable may hold one more than was counted on.
  if (n < total) ask(n)
  ended.add(1)
}

function ask(n: number): void {
  const { status, timings, error_code: code } = http.post(url, bodies === null ? '' : bodies[n], { headers })
  if (n < plan.warmUpIterations) return
  if (status === 200) operation.add(timings.duration)
  else failed.add(1, { code: status === 0 ? `k6 ${code}` : `HTTP ${status}` })
}
