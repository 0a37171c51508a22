import { duration } from '../../reports/format.ts'
import type { Budget } from './budget.ts'
import type { Finding, Section } from './finding.ts'
import { more } from './finding.ts'
import { inFreshProcess } from './fresh.ts'

const OFF = 0.02

/** What a stall does to those who arrive meanwhile, which is known exactly: first come, first served. */
export async function stallTruth({ stallNs: durationNs }: Budget): Promise<Section> {
  const findings: Finding[] = []
  for (const mode of ['sync', 'async'] as const) {
    const seen = await inFreshProcess('stall', { mode, durationNs })
    const off = Math.max(...seen.open.map((ns, n) => Math.abs(ns / seen.truth[n]! - 1)))
    findings.push(
      { what: `${mode} session: exact replay, p95 / p99`, figure: pair(seen.truth) },
      {
        what: '  open loop',
        figure: pair(seen.open),
        range: `off by ${more(1 + off)}`,
        target: `within ${more(1 + OFF)}`,
        verdict: off <= OFF ? 'pass' : 'MISS',
      },
      { what: '  closed loop', figure: pair(seen.closed) },
    )
  }
  const seconds = durationNs / 1e9
  return { title: `A stall of 400 ms in ${seconds} s; a server that takes 1 ms, at 200 operations a second`, findings }
}

const pair = ([p95, p99]: readonly [number, number]): string => `${duration(p95)} / ${duration(p99)}`
