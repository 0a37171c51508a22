import { Workplace } from '../run/scope.ts'
import { watchBusy } from './busy.ts'
import type { Bench, Check } from './check.ts'
import type { Row, Verdict } from './row.ts'
import { holds, verdictOf } from './row.ts'
import { startStress } from './stress.ts'

export interface SelftestRequest {
  readonly checks: readonly Check[]
  readonly quick: boolean
  /** Leaves out what only holds on a machine that lets it. */
  readonly exact: boolean
  readonly stress: number
  readonly signal: AbortSignal
}

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
/** Nor is anything repeated so late: all of it takes less than three minutes. */
const REPEATED_UNTIL_MS = 90_000

/** Runs the checks one after another. Whatever was started is ended when this settles. */
export async function selftest(request: SelftestRequest, tell: (checked: Checked) => void): Promise<Checked[]> {
  const { quick, exact, signal } = request
  await using place = new Workplace(signal)
  const endStress = await startStress(request.stress)
  place.defer(endStress)
  const bench: Bench = { quick, timed: !exact, place, signal }
  const began = performance.now()
  const done: Checked[] = []
  const mayRepeat = (): boolean => performance.now() - began < REPEATED_UNTIL_MS
  for (const check of request.checks) {
    signal.throwIfAborted()
    const checked = await attempt(check, bench, mayRepeat)
    done.push(checked)
    tell(checked)
  }
  return done
}

async function attempt({ id, title, run }: Check, bench: Bench, mayRepeat: () => boolean): Promise<Checked> {
  const began = performance.now()
  let quietest: number | null = null
  for (let attempts = 1; ; attempts += 1) {
    const endWatch = watchBusy()
    const rows = await run(bench)
    const busy = endWatch()
    quietest = quietest === null || busy === null ? busy : Math.min(quietest, busy)
    const failed = rows.filter((row) => !holds(row))
    const mayBeNoise = failed.length > 0 && failed.every(({ kind }) => kind === 'timed')
    if (mayBeNoise && attempts < ATTEMPTS && mayRepeat() && !bench.signal.aborted) continue
    const judged = rows.map((row) => ({ ...row, verdict: verdictOf(row, quietest) }))
    return { id, title, rows: judged, attempts, busy: quietest, tookMs: performance.now() - began }
  }
}
