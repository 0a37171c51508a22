import type { Cell, Load } from '../contract/index.ts'
import { pendingCell } from './begin.ts'
import type { RunContext } from './context.ts'
import { isNull } from './context.ts'

/**
 * Plans the loads of a sweep: shares of what each backend did in its closed loop, in each scenario. A cell that failed there
 * has none, nor has the harness alone. A run that goes on keeps the loads that it had.
 * @returns whether there is anything to measure now
 */
export function planSweep({ request, record }: RunContext): boolean {
  const { load } = request.plan
  if (load.kind !== 'sweep') return false
  const { cells } = record.run
  const floor = new Set(request.backends.filter(isNull).map(({ id }) => id))
  const planned = cells.flatMap((cell): Cell[] => {
    if (cell.load.kind !== 'closed' || cell.outcome !== 'pending' || floor.has(cell.backend)) return []
    if (cells.some((other) => other.load.kind === 'open' && isOf(other, cell))) return []
    const perSecond = throughput(cell)
    if (perSecond === null) return []
    const { arrivals, concurrency } = load
    return load.shares
      .map((share): Load => ({ kind: 'open', ratePerSecond: share * perSecond, arrivals, concurrency }))
      .map((open) => pendingCell(cell.backend, cell.scenario, open))
  })
  record.addCells(planned)
  record.save()
  return true
}

const isOf = (one: Cell, other: Cell): boolean => one.backend === other.backend && one.scenario === other.scenario

/** As the estimates of the cell will say it; null when nothing was measured. */
function throughput(cell: Extract<Cell, { outcome: 'pending' }>): number | null {
  const operations = cell.rounds.reduce((sum, round) => sum + round.operations, 0)
  const measuredNs = cell.rounds.reduce((sum, round) => sum + round.measuredNs, 0)
  return operations === 0 ? null : (operations / measuredNs) * 1e9
}
