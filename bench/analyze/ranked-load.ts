import type { Load, Run } from '../contract/index.ts'
import { ONE_CALLER } from '../contract/index.ts'

/**
 * The one load whose cells are ranked. A ranking is of one load: what a run measured in a closed loop, and only where there
 * is none, its open loop, which then has one rate for all backends.
 */
export function rankedLoad(run: Pick<Run, 'cells'>): Load {
  const loads = run.cells.map((cell) => cell.load)
  return loads.find(({ kind }) => kind === 'closed') ?? loads[0] ?? ONE_CALLER
}
