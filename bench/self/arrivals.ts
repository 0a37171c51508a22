import { count, duration } from '../../reports/format.ts'
import { median } from '../analyze/quantiles.ts'
import type { Budget } from './budget.ts'
import type { Finding, Section } from './finding.ts'
import { atMost, more } from './finding.ts'
import { inFreshProcess, interleaved } from './fresh.ts'
import type { Arrived, Dispatch } from './inside/arrivals.ts'

const RATES = [1000, 2000, 5000] as const
const P50_NS = 5000
const P99_NS = 1e6
const RATE_OFF = 0.005

const KINDS: readonly (readonly [Dispatch, string])[] = [
  ['async', 'async session'],
  ['sync', 'sync session'],
  ['thread', 'sync session woken by a thread of arrivals'],
]

/**
 * How late the open loop is on its own account. A sync session reads its timetable on the thread of the database; the last
 * lines show what a second thread would make of it.
 */
export async function dispatchLateness({ arrivalsNs: durationNs, arrivalProcesses }: Budget): Promise<Section> {
  const cases = KINDS.flatMap(([dispatch]) => RATES.map((rate) => `${dispatch} ${rate}` as const))
  const seen = await interleaved(cases, arrivalProcesses, (name, repetition) => {
    const [dispatch, rate] = name.split(' ') as [Dispatch, string]
    return inFreshProcess('arrivals', { dispatch, ratePerSecond: Number(rate), durationNs, repetition })
  })
  return {
    title: `Open loop: lateness of the dispatcher, Poisson arrivals; median of ${arrivalProcesses} processes`,
    findings: KINDS.flatMap(([dispatch, name]) =>
      RATES.flatMap((rate) => lines(dispatch, `${name}, ${count(rate)}/s`, rate, seen[`${dispatch} ${rate}`]!)),
    ),
  }
}

function lines(dispatch: Dispatch, name: string, rate: number, all: readonly Arrived[]): Finding[] {
  const [p50Ns, p99Ns] = [median(all.map((one) => one.p50Ns)), median(all.map((one) => one.p99Ns))]
  const range = `largest ${duration(Math.max(...all.map(({ maxNs }) => maxNs)))}`
  if (dispatch === 'thread')
    return [{ what: `${name}, p50`, figure: duration(p50Ns), range: `p99 ${duration(p99Ns)}, ${range}` }]
  const off = median(all.map(({ stretched }) => stretched))
  return [
    atMost(p50Ns, P50_NS, duration, { what: `${name}, p50` }),
    atMost(p99Ns, P99_NS, duration, { what: `${name}, p99`, range }),
    {
      what: `${name}, rate that was issued`,
      figure: more(1 + off),
      range: `of ${count(rate)}/s`,
      target: `within ${(RATE_OFF * 100).toFixed(1)} %`,
      verdict: Math.abs(off) <= RATE_OFF ? 'pass' : 'MISS',
    },
  ]
}
