/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Estimate } from '../interval-shape.ts'
import { DOT, intervalShape } from '../interval-shape.ts'

/** Draws another estimate into the figure that a cell has. */
export function redraw(cell: Element, estimate: Estimate, range: { low: number; high: number }): void {
  const shape = intervalShape(estimate, range)
  const marker = cell.querySelector('use')
  if (shape === null || marker === null) return
  cell.querySelector('.decade')?.setAttribute('d', shape.decades)
  cell.querySelector('.whisker')?.setAttribute('d', shape.whisker)
  marker.setAttribute('x', String(shape.x - DOT / 2))
}
