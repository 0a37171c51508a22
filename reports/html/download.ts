import type { Cell, LagCell, Run } from '../../bench/contract/index.ts'
import { pack } from './pack.ts'

export interface Download {
  /** Deflated JSON in base64. */
  readonly data: string
  /** What the button says; null where the run does not fit into the page at all. */
  readonly label: string | null
}

/**
 * The run for the download button. When the page would grow too large, what is told round by round and marker by marker
 * stays in the file beside the report, and in the end the whole run.
 */
export function download(run: Run, room: number): Download {
  const whole = pack(run)
  if (whole.length <= room) return { data: whole, label: 'Download run.json' }
  const estimates = pack({ ...run, cells: run.cells.map(withoutRounds), lag: run.lag.map(withoutTraces) })
  if (estimates.length <= room) return { data: estimates, label: 'Download run.json (estimates, without rounds)' }
  return { data: '', label: null }
}

function withoutRounds(cell: Cell): Cell {
  if (cell.outcome === 'measured') return { ...cell, rounds: [], estimates: { ...cell.estimates, timeline: null } }
  return cell.outcome === 'skipped' ? cell : { ...cell, rounds: [] }
}

function withoutTraces(cell: LagCell): LagCell {
  if (cell.outcome !== 'measured') return cell
  const { underLoad } = cell
  return { ...cell, traces: null, underLoad: underLoad === null ? null : { ...underLoad, traces: null } }
}
