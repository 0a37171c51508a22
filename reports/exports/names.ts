import type { Cell, Load, MeasuredCell, Run } from '../../bench/contract/index.ts'

const USUAL = 'closed'

/** `closed` is one caller in a closed loop, the load of every run that asks for no other. */
export function loadName(load: Load): string {
  switch (load.kind) {
    case 'closed':
      return load.callers === 1 ? USUAL : `${USUAL}-${load.callers}`
  }
}

/** Backend, scenario, and the load where it is not the usual one. */
export function nameParts({ backend, scenario, load }: Cell): string[] {
  const name = loadName(load)
  return [backend, scenario, ...(name === USUAL ? [] : [name])]
}

/** What other tools join runs by, so it must never change: `postgres-local / point-read`. */
export const cellName = (cell: Cell): string => nameParts(cell).join(' / ')

export function measuredCells(run: Run): MeasuredCell[] {
  return run.cells.filter((cell) => cell.outcome === 'measured')
}

/** Cells of databases. The harness alone is no result: an alarm on it would be about the machine. */
export function databaseCells(run: Run): MeasuredCell[] {
  const nulls = run.backends.filter((backend) => backend.traits.includes('null')).map(({ id }) => id)
  return measuredCells(run).filter((cell) => !nulls.includes(cell.backend))
}
