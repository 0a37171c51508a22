import { Workplace } from '../run/scope.ts'
import { watchBusy } from './busy.ts'
import type { Bench, Check } from './check.ts'
import type { Row } from './row.ts'
import { holds } from './row.ts'
import { startStress } from './stress.ts'

export interface SelftestRequest {
  readonly checks: readonly Check[]
  readonly quick: boolean
  /** Leaves out what only holds on a machine that lets it. */
  readonly exact: boolean
  readonly stress: number
  readonly signal: AbortSignal
}

/** `contended`: a timed row that did not hold, on a machine too busy to blame the instrument. */
type Verdict = 'pass' | 'fail' | 'contended'

export interface Checked {
  readonly id: string
  readonly title: string
  readonly rows: readonly (Row & { readonly verdict: Verdict })[]
  /** How often it was run, and the share of time in which somebody waited for a processor during the quietest of them. */
  readonly attempts: number
  readonly busy: number | null
  readonly tookMs: number
}

/** A check whose timed rows alone do not hold is run again: a neighbour may have come between. */
const ATTEMPTS = 3
/** Above this share of waiting, a timed row that does not hold says nothing of the instrument: that of the witnesses of a round. */
const CONTENDED = 0.02

/** Runs the checks one after another. Whatever was started is ended when this settles. */
export async function selftest(request: SelftestRequest, tell: (checked: Checked) => void): Promise<Checked[]> {
  const { quick, exact, signal } = request
  await using place = new Workplace(signal)
  const endStress = await startStress(request.stress)
  place.defer(endStress)
  const bench: Bench = { quick, timed: !exact, place, signal }
  const done: Checked[] = []
  for (const check of request.checks) {
    signal.throwIfAborted()
    const checked = await attempt(check, bench)
    done.push(checked)
    tell(checked)
  }
  return done
}

async function attempt({ id, title, run }: Check, bench: Bench): Promise<Checked> {
  const began = performance.now()
  let quietest: number | null = null
  for (let attempts = 1; ; attempts += 1) {
    const endWatch = watchBusy()
    const rows = await run(bench)
    const busy = endWatch()
    quietest = quietest === null || busy === null ? busy : Math.min(quietest, busy)
    const failed = rows.filter((row) => !holds(row))
    const mayBeNoise = failed.length > 0 && failed.every(({ kind }) => kind === 'timed')
    if (mayBeNoise && attempts < ATTEMPTS && !bench.signal.aborted) continue
    const judged = rows.map((row) => ({ ...row, verdict: verdictOf(row, quietest) }))
    return { id, title, rows: judged, attempts, busy: quietest, tookMs: performance.now() - began }
  }
}

function verdictOf(row: Row, busy: number | null): Verdict {
  if (holds(row)) return 'pass'
  return row.kind === 'timed' && busy !== null && busy > CONTENDED ? 'contended' : 'fail'
}
