import type { Cell, Run } from '../../bench/contract/index.ts'
import { pack } from './pack.ts'

export interface Download {
  /** Deflated JSON in base64. */
  readonly data: string
  readonly label: string
}

/** The run for the download button. When the page would grow too large, its rounds stay in the file beside the report. */
export function download(run: Run, room: number): Download {
  const whole = pack(run)
  if (whole.length <= room) return { data: whole, label: 'Download run.json' }
  return {
    data: pack({ ...run, cells: run.cells.map(withoutRounds) }),
    label: 'Download run.json (estimates, without rounds)',
  }
}

function withoutRounds(cell: Cell): Cell {
  return 'rounds' in cell ? { ...cell, rounds: [] } : cell
}
