import type { MeasuredCell } from '../bench/contract/index.ts'
import { MISSING, bracketed, duration, percent, plural } from './format.ts'
import { doReadsSync, slowestLag } from './lag-tables.ts'
import { leadRanking } from './standing.ts'
import type { View } from './view.ts'
import { durabilityOf } from './view.ts'

export interface KeyFigure {
  readonly value: string
  readonly label: string
  readonly detail: string
}

/** The four figures at the top: fastest read, fastest write of the best class, lag, noise. */
export function keyFigures(view: View): readonly KeyFigure[] {
  return [fastestRead(view), fastestWrite(view), lag(view), noise(view)]
}

function fastest(cells: readonly MeasuredCell[]): MeasuredCell | null {
  return cells.toSorted((a, b) => a.estimates.p50.valueNs - b.estimates.p50.valueNs)[0] ?? null
}

/** Without those that did not keep up with their load: their figures say how long a round was. */
function cellsOf(view: View, scenario: string): MeasuredCell[] {
  return view.backends
    .map((backend) => view.measured(backend.id, scenario))
    .filter((cell) => cell !== null)
    .filter((cell) => cell.estimates.response?.saturated !== true)
}

function fastestRead(view: View): KeyFigure {
  const lead = leadRanking(view)
  const cell = lead === null ? null : fastest(cellsOf(view, lead.scenario.id))
  if (lead === null || cell === null) return { value: MISSING, label: 'no read was measured', detail: '' }
  return {
    value: duration(cell.estimates.p50.valueNs),
    label: `p50, ${lead.scenario.title}`,
    detail: view.title(cell.backend),
  }
}

/** Of the smallest write, durable if any backend committed durably. */
function fastestWrite(view: View): KeyFigure {
  const write = view.scenarios.find((scenario) => scenario.kind === 'write' && cellsOf(view, scenario.id).length > 0)
  if (write === undefined) return { value: MISSING, label: 'no write was measured', detail: '' }
  const cells = cellsOf(view, write.id)
  const durable = cells.filter((cell) => durabilityOf(cell) === 'durable')
  const cell = fastest(durable.length > 0 ? durable : cells)!
  return {
    value: duration(cell.estimates.p50.valueNs),
    label: `p50, ${write.title}, ${durabilityOf(cell) ?? 'undeclared'}`,
    detail: view.title(cell.backend),
  }
}

function lag(view: View): KeyFigure {
  const slowest = slowestLag(view)
  if (slowest === null) return { value: MISSING, label: 'no replication lag was measured', detail: '' }
  const { p99, p50 } = slowest.ackToVisible
  const longest = p99 ?? p50
  return {
    value: longest === null ? 'not in time' : bracketed(longest),
    label: `${p99 === null ? 'p50' : 'p99'} until a replica shows a write`,
    detail: `${view.title(slowest.backend)}${doReadsSync(view, slowest.backend) ? '' : ', to a reader that syncs first'}`,
  }
}

function noise(view: View): KeyFigure {
  const spreads = view.scenarios
    .flatMap(({ id }) => cellsOf(view, id))
    .filter((cell) => cell.estimates.rounds > 1)
    .map((cell) => cell.estimates.roundSpread)
    .toSorted((a, b) => a - b)
  const middle = spreads[Math.floor(spreads.length / 2)]
  if (middle === undefined) return { value: MISSING, label: 'too few rounds to see their spread', detail: '' }
  return {
    value: percent(middle),
    label: 'between fastest and slowest round',
    detail: `median of ${plural(spreads.length, 'cell')}`,
  }
}
