import { quantiles } from '../../analyze/quantiles.ts'
import { openTimes } from '../../analyze/open-loop.ts'
import { responsesOf } from '../../analyze/response.ts'
import { seededRandom } from '../../contract/index.ts'
import { timetable } from '../../measure/arrivals.ts'
import { closedLoop } from '../../measure/closed-loop.ts'
import { openLoop } from '../../measure/open-loop.ts'
import { FifoServer, replay } from '../../measure/testing/fifo-server.ts'
import { SEED } from '../budget.ts'
import { drawn, questionsOf } from '../select.ts'

export interface StallInput {
  readonly mode: 'sync' | 'async'
  readonly durationNs: number
}

type P95AndP99 = readonly [p95Ns: number, p99Ns: number]

export interface StallSeen {
  readonly truth: P95AndP99
  readonly open: P95AndP99
  readonly closed: P95AndP99
}

/** A server that takes 1 ms, at 200 operations a second, and stands still for 400 ms once. */
export async function stall({ mode, durationNs }: StallInput): Promise<StallSeen> {
  const behaviour = { operationNs: 1e6, stallNs: 400e6, stallAtNs: durationNs / 3 }
  const source = drawn(questionsOf(0))
  const run = (server: FifoServer) =>
    mode === 'sync' ? ({ mode, run: server.sync } as const) : ({ mode, run: server.async } as const)
  const intendedNs = timetable({ ratePerSecond: 200, arrivals: 'poisson', durationNs }, seededRandom(SEED))
  const server = new FifoServer(behaviour)
  const budget = { intendedNs, concurrency: 1024, endOfRunNs: durationNs * 2 }
  const recording = await openLoop(run(server), source, budget)
  const { serviceNs, waitNs } = openTimes(recording)
  const limits = { durationNs, maxOperations: 1e6, minOperations: 1 }
  const closed = await closedLoop(run(new FifoServer(behaviour)), source, limits)
  return {
    truth: tailOf(Float64Array.from(replay(recording, server.serviceNs))),
    open: tailOf(responsesOf(serviceNs, waitNs)),
    closed: tailOf(closed.durationsNs),
  }
}

const tailOf = (values: Float64Array): P95AndP99 => quantiles([values], [0.95, 0.99]) as [number, number]
