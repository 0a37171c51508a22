/// <reference lib="dom" />
import type { Chart, Plugin } from 'chart.js'
import { duration } from '../format.ts'
import type { LadderRow } from './data.ts'
import type { Colours } from './colours.ts'
import { isFitted } from './at-distance.ts'
import { faint } from './colours.ts'
import { write } from './write.ts'

/** Line, block and tick of each row under its marker, and the figures in words above. */
export function marks(
  rows: readonly LadderRow[],
  rowColours: readonly string[],
  names: readonly string[],
  zeroNs: number | null,
  colours: Colours,
  narrow: boolean,
): Plugin<'scatter'> {
  return {
    id: 'ladder',
    beforeDatasetsDraw(chart) {
      const { ctx, chartArea } = chart
      const { x, y } = axes(chart)
      ctx.save()
      if (zeroNs !== null && rows.length > 0) drawZero(ctx, x(zeroNs), chartArea, colours, family(chart))
      for (const [index, row] of rows.entries()) {
        const middle = y(index)
        ctx.strokeStyle = rowColours[index]!
        ctx.lineWidth = 2
        ctx.beginPath()
        ctx.moveTo(x(row.p5Ns ?? row.p50Ns), middle)
        ctx.lineTo(x(row.last?.ns ?? row.p50Ns), middle)
        ctx.stroke()
        if (row.p25Ns !== null && row.p75Ns !== null) {
          const [from, to] = [x(row.p25Ns), x(row.p75Ns)]
          const width = Math.max(4, to - from)
          ctx.fillStyle = faint(rowColours[index]!, 0.38)
          ctx.fillRect((from + to - width) / 2, middle - 10, width, 20)
        }
        if (row.p99Ns !== null) {
          ctx.lineWidth = 2.4
          ctx.beginPath()
          ctx.moveTo(x(row.p99Ns), middle - 8)
          ctx.lineTo(x(row.p99Ns), middle + 8)
          ctx.stroke()
        }
      }
      ctx.restore()
    },
    afterDatasetsDraw(chart) {
      const { ctx, chartArea } = chart
      const { x, y } = axes(chart)
      ctx.save()
      for (const [index, row] of rows.entries()) {
        const base = y(index) - 14
        const main = duration(row.p50Ns)
        const more = isFitted(row.origin) ? 'fitted' : row.p99Ns === null ? '' : `p99 ${duration(row.p99Ns)}`
        ctx.font = `650 12.5px ${family(chart)}`
        const mainWidth = ctx.measureText(main).width
        const left = clamp(x(row.p50Ns) - mainWidth / 2, chartArea.left + 2, chartArea.right - mainWidth)
        write(ctx, main, left, base, colours.ink, colours.card)
        ctx.font = `11.5px ${family(chart)}`
        const moreWidth = ctx.measureText(more).width
        const after = Math.max(left + mainWidth + 9, x(row.p99Ns ?? row.p50Ns) - 6)
        const moreLeft = after + moreWidth > chartArea.right ? left - moreWidth - 9 : after
        const fits = more !== '' && moreLeft > chartArea.left
        if (fits) write(ctx, more, moreLeft, base, colours.muted, colours.card)
        if (!narrow) continue
        ctx.font = `600 12.5px ${family(chart)}`
        write(ctx, names[index]!, chartArea.left + 2, y(index) - 30, colours.ink, colours.card)
      }
      ctx.restore()
    },
  }
}

function axes(chart: Chart<'scatter'>): { x: (ns: number) => number; y: (row: number) => number } {
  return { x: (ns) => chart.scales['x']!.getPixelForValue(ns), y: (row) => chart.scales['y']!.getPixelForValue(row) }
}

const family = (chart: Chart<'scatter'>): string => chart.options.font?.family ?? 'sans-serif'

function drawZero(
  ctx: CanvasRenderingContext2D,
  x: number,
  area: { top: number; bottom: number; right: number },
  colours: Colours,
  fontFamily: string,
): void {
  ctx.strokeStyle = colours.muted
  ctx.lineWidth = 1.4
  ctx.setLineDash([5, 4])
  ctx.beginPath()
  ctx.moveTo(x, area.top)
  ctx.lineTo(x, area.bottom)
  ctx.stroke()
  ctx.setLineDash([])
  ctx.font = `11.5px ${fontFamily}`
  write(ctx, 'harness alone', Math.min(x + 5, area.right - 80), area.bottom - 6, colours.muted, colours.card)
}

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value))
