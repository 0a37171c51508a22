import { duration, percent } from '../../reports/format.ts'
import pointRead from '../../scenarios/point-read.ts'
import { LIMITS } from '../analyze/caveats.ts'
import { median } from '../analyze/quantiles.ts'
import type { MeasuredCell, Run } from '../contract/index.ts'
import { plans } from '../plans/index.ts'
import { run } from '../run/run.ts'
import { backendSpec } from './backends.ts'
import type { Budget } from './budget.ts'
import type { Finding, Section } from './finding.ts'
import { signal } from './fresh.ts'
import { OWN_RUN } from './own-run.ts'

/** The same limits by which a run labels its own cells. */
const BACKENDS = [
  { id: 'better-sqlite3', limit: LIMITS.spreadInProcess },
  { id: 'postgres-local', limit: LIMITS.spreadElsewhere },
]

/** Whole runs, one like the other: fresh server, fresh data, fresh processes. How far apart are their medians? */
export async function stability(budget: Budget, output: string): Promise<Section> {
  const runs: Run[] = []
  for (let n = 0; n < budget.runs; n += 1) runs.push(await oneRun(budget, output))
  const cellsOf = (id: string): MeasuredCell[] =>
    runs
      .flatMap((one) => one.cells)
      .filter((cell) => cell.outcome === 'measured')
      .filter((cell) => cell.backend === id)
  const finding = ({ id, limit }: (typeof BACKENDS)[number]): Finding => {
    const cells = cellsOf(id)
    if (cells.length < budget.runs) return { what: `${id} point-read`, figure: 'failed', verdict: 'MISS' }
    const p50s = cells.map(({ estimates }) => estimates.p50.valueNs)
    const spread = Math.max(...p50s) / Math.min(...p50s) - 1
    return {
      what: `${id} point-read, p50 ${duration(median(p50s))}`,
      figure: percent(spread),
      range: `within a run ${percent(median(cells.map(({ estimates }) => estimates.roundSpread)))}`,
      target: `at most ${percent(limit)}`,
      verdict: spread <= limit ? 'pass' : 'unstable',
    }
  }
  return {
    title: `Stability: ${budget.runs} whole runs of ${budget.roundsPerRun} rounds, pinned; largest p50 over smallest, less 1`,
    findings: BACKENDS.map(finding),
  }
}

async function oneRun(budget: Budget, output: string): Promise<Run> {
  signal.throwIfAborted()
  return await run(
    {
      plan: { ...plans['default']!.plan, rounds: budget.roundsPerRun, lagMarkers: 0 },
      ...OWN_RUN,
      backends: await Promise.all(BACKENDS.map(({ id }) => backendSpec(id))),
      scenarios: [pointRead],
      output,
    },
    () => undefined,
  )
}
