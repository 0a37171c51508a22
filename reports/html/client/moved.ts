/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { isMovable } from '../../charts/at-distance.ts'
import type { ChartData } from '../../charts/data.ts'
import { Bodies } from './bodies.ts'
import { moveMatrix } from './moved-matrix.ts'
import { movePage } from './moved-page.ts'
import { moveRanking } from './moved-ranking.ts'
import type { State } from './state.ts'

const bodies = new Bodies()

/** Lets the tables follow the distance; at 0 they are what the run measured, to the letter. */
export function showMoved(data: ChartData, { scenario, rttMs }: State): void {
  bodies.restore()
  if (rttMs === 0) return
  const rttNs = rttMs * 1e6
  for (const matrix of document.querySelectorAll<HTMLTableElement>('table.matrix'))
    bodies.change(matrix, (body) => moveMatrix(data, rttNs, body))
  if (!isMovable(data, scenario)) return
  const chosen = `article[data-scenario="${scenario}"]`
  for (const table of document.querySelectorAll<HTMLTableElement>(`${chosen} table.rank`))
    bodies.change(table, (body) => moveRanking(data, scenario, rttNs, body))
  for (const table of document.querySelectorAll<HTMLTableElement>(`${chosen} table.page`))
    bodies.change(table, (body) => movePage(data, scenario, rttNs, body))
}
