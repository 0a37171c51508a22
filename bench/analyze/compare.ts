import type {
  BackendFacts,
  Comparison,
  Durability,
  Load,
  MeasuredCell,
  RankedRow,
  Ranking,
  Ratio,
  Run,
  ScenarioFacts,
} from '../contract/index.ts'
import { loadKey, withoutMoved } from '../contract/index.ts'
import { caveatAtDistance } from './caveat-at-distance.ts'
import { caveatsOf, rowCaveats } from './caveats.ts'
import { hodgesLehmannLog } from './intervals.ts'
import { loadCurves } from './load-curves.ts'
import { meanLatencies } from './means.ts'
import { rankedLoad } from './ranked-load.ts'

/** Everything that reports show, derived from a run. Pure: the same run gives the same comparison. */
export function compare(stored: Run): Comparison {
  const run = withoutMoved(stored)
  const caveats = [...caveatsOf(run), ...caveatAtDistance(stored)]
  const load = rankedLoad(run)
  const rankings = run.scenarios
    .map((scenario) => rankScenario(run, scenario, load))
    .filter((ranking) => ranking.rows.length > 0 || ranking.missing.length > 0)
    .map((ranking) => ({
      ...ranking,
      rows: ranking.rows.map((row) => ({ ...row, caveats: rowCaveats(caveats, row.backend.id, ranking.scenario.id) })),
    }))
  return {
    run: stored,
    rankings,
    loads: loadCurves(run),
    means: meanLatencies(run),
    caveats,
    baseline: null,
    history: null,
    claims: [],
  }
}

interface Candidate {
  readonly backend: BackendFacts
  readonly cell: MeasuredCell
}

function rankScenario(run: Run, scenario: ScenarioFacts, load: Load): Ranking {
  const key = loadKey(load)
  const measured: Candidate[] = []
  const missing: { backend: BackendFacts; cell: Run['cells'][number] }[] = []
  for (const backend of run.backends) {
    if (backend.traits.includes('null')) continue
    const cell = run.cells.find(
      (one) => one.backend === backend.id && one.scenario === scenario.id && loadKey(one.load) === key,
    )
    if (cell === undefined) continue
    if (cell.outcome === 'measured') measured.push({ backend, cell })
    else missing.push({ backend, cell })
  }
  measured.sort((a, b) => a.cell.estimates.p50.valueNs - b.cell.estimates.p50.valueNs)
  // Where the backlog grows for as long as the load lasts, a median says how long the round was.
  const steady = measured.filter(({ cell }) => cell.estimates.response?.saturated !== true)
  const ranked = scenario.kind === 'read' ? steady : ofOneClass(steady, run.plan.durability)
  const best = ranked[0] ?? measured[0]
  if (best === undefined) return { scenario, load, rows: [], missing }
  const ranks = shareRanks(ranked)
  const rows: RankedRow[] = measured.map((one) => ({
    rank: ranks.get(one) ?? null,
    backend: one.backend,
    cell: one.cell,
    ratio: one === best ? { value: 1, low: 1, high: 1 } : pairedRatio(one.cell, best.cell),
    caveats: [],
  }))
  return { scenario, load, rows, missing }
}

/** Writes are ranked within the class that the plan asks for; without a backend of it, within the fastest backend's. */
function ofOneClass(measured: readonly Candidate[], wanted: Durability): Candidate[] {
  const classes = measured.map(durabilityOf)
  const chosen = classes.includes(wanted) ? wanted : classes[0]
  return measured.filter((_, n) => classes[n] === chosen)
}

/** The class that was read back while measuring; a write cell whose rounds disagree is `undeclared`. */
function durabilityOf({ backend, cell }: Candidate): Durability {
  const classes = new Set(cell.rounds.map((round) => round.durability).filter((one) => one !== null))
  const [only] = classes
  return classes.size === 1 && only !== undefined ? only : (backend.session?.durability ?? 'undeclared')
}

/** In order of p50, a backend shares the rank of the one before it when its interval reaches down to that rank's first. */
function shareRanks(ordered: readonly Candidate[]): Map<Candidate, number> {
  const ranks = new Map<Candidate, number>()
  let leader: Candidate | null = null
  let rank = 0
  for (const [place, one] of ordered.entries()) {
    if (leader === null || bounds(one.cell).low > bounds(leader.cell).high) {
      leader = one
      rank = place + 1
    }
    ranks.set(one, rank)
  }
  return ranks
}

/** The interval of p50; with too few rounds for one, the range of the rounds' medians, which is no less careful. */
function bounds(cell: MeasuredCell): { low: number; high: number } {
  const { lowNs, highNs } = cell.estimates.p50
  const medians = cell.rounds.map((round) => round.p50Ns)
  return { low: lowNs ?? Math.min(...medians), high: highNs ?? Math.max(...medians) }
}

/**
 * How many times slower, from log-ratios of the medians of rounds that ran in the same repetition: what disturbed
 * both sides of a pair cancels. Falls back to the ratio of the estimates when no repetition has both.
 */
export function pairedRatio(slower: MeasuredCell, faster: MeasuredCell): Ratio {
  const medians = new Map(faster.rounds.map((round) => [round.repetition, round.p50Ns]))
  const ratios = slower.rounds.flatMap((round) => {
    const other = medians.get(round.repetition)
    return other === undefined ? [] : [round.p50Ns / other]
  })
  if (ratios.length === 0) {
    return { value: slower.estimates.p50.valueNs / faster.estimates.p50.valueNs, low: null, high: null }
  }
  const { estimate, low, high } = hodgesLehmannLog(ratios)
  return { value: estimate, low, high }
}
