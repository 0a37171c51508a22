/// <reference lib="dom" />
import type { Chart } from 'chart.js'
import type { Colours } from './colours.ts'

/** A dotted line from top to bottom. */
export function upright({ ctx, chartArea }: Pick<Chart, 'ctx' | 'chartArea'>, x: number, colours: Colours): void {
  ctx.strokeStyle = colours.ink
  ctx.lineWidth = 1.4
  ctx.setLineDash([2, 3])
  ctx.beginPath()
  ctx.moveTo(x, chartArea.top)
  ctx.lineTo(x, chartArea.bottom)
  ctx.stroke()
  ctx.setLineDash([])
}
