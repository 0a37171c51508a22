import type { Cell, MeanLatency, MeasuredCell, Round, Run } from '../contract/index.ts'
import { loadKey } from '../contract/index.ts'
import { hodgesLehmannLog } from './intervals.ts'
import { rankedLoad } from './ranked-load.ts'

/** Of every warm cell in the closed loop that is ranked. Operations of a cold start are not alike, so no sum follows from them. */
export function meanLatencies(run: Run): MeanLatency[] {
  const load = rankedLoad(run)
  if (load.kind !== 'closed') return []
  const warm = new Set(run.scenarios.filter(({ start }) => start === 'warm').map(({ id }) => id))
  const isWanted = (cell: Cell): cell is MeasuredCell =>
    cell.outcome === 'measured' && warm.has(cell.scenario) && loadKey(cell.load) === loadKey(load)
  return run.cells.filter(isWanted).flatMap(({ backend, scenario, rounds }) => {
    const means = rounds.map((round) => meanOf(round, load.callers)).filter((mean) => mean > 0 && Number.isFinite(mean))
    if (means.length === 0) return []
    const { estimate: valueNs, low: lowNs, high: highNs } = hodgesLehmannLog(means)
    return [{ backend, scenario, estimate: { valueNs, lowNs, highNs } }]
  })
}

/** Time by what was done in it, failed operations too: a caller waited for them. */
function meanOf({ measuredNs, operations, errors }: Round, callers: number): number {
  return (callers * measuredNs) / (operations + errors.reduce((sum, { count }) => sum + count, 0))
}
