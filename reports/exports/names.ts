import type { Cell, MeasuredCell, Run } from '../../bench/contract/index.ts'
import { loadKey } from '../../bench/contract/index.ts'

const USUAL = 'closed'

/**
 * `closed` is one caller in a closed loop, the load of every run that asks for no other. A sweep finds other rates in every
 * run, so its loads are named by their share of what the closed loop did: `sweep-0.3-poisson-1`.
 */
export function loadName(run: Run, { backend, scenario, load }: Cell): string {
  if (load.kind === 'closed') return load.callers === 1 ? USUAL : loadKey(load)
  const closed = measuredCells(run).find(
    (cell) => cell.backend === backend && cell.scenario === scenario && cell.load.kind === 'closed',
  )
  if (run.plan.load.kind !== 'sweep' || closed === undefined) return loadKey(load)
  const share = nearest(run.plan.load.shares, load.ratePerSecond / closed.estimates.operationsPerSecond)
  return `sweep-${share}-${load.arrivals}-${load.concurrency}`
}

const nearest = (shares: readonly number[], wanted: number): number =>
  shares.reduce((best, share) => (Math.abs(share - wanted) < Math.abs(best - wanted) ? share : best))

/** Backend, scenario, and the load where it is not the usual one. */
export function nameParts(run: Run, cell: Cell): string[] {
  const load = loadName(run, cell)
  return [cell.backend, cell.scenario, ...(load === USUAL ? [] : [load])]
}

/** What other tools join runs by, so it must never change: `postgres-local / point-read`. */
export const cellName = (run: Run, cell: Cell): string => nameParts(run, cell).join(' / ')

export function measuredCells(run: Run): MeasuredCell[] {
  return run.cells.filter((cell) => cell.outcome === 'measured')
}

/** Cells of databases. The harness alone is no result: an alarm on it would be about the machine. */
export function databaseCells(run: Run): MeasuredCell[] {
  const nulls = run.backends.filter((backend) => backend.traits.includes('null')).map(({ id }) => id)
  return measuredCells(run).filter((cell) => !nulls.includes(cell.backend))
}
