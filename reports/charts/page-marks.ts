/// <reference lib="dom" />
import type { Plugin } from 'chart.js'
import { count, duration, tick } from '../format.ts'
import type { MovedMean } from './at-distance.ts'
import { isFitted } from './at-distance.ts'
import type { Colours } from './colours.ts'
import { BUDGET_NS } from './page-budget.ts'
import { upright } from './upright.ts'
import { write } from './write.ts'

interface Row extends MovedMean {
  readonly name: string
  readonly colour: string
  readonly fits: number
}

/** The budget, and of each row its interval under the marker and its figures in words above. */
export function pageMarks(rows: readonly Row[], colours: Colours, narrow: boolean): Plugin<'scatter'> {
  return {
    id: 'page',
    beforeDatasetsDraw({ ctx, chartArea, scales, options }) {
      const x = (ns: number): number => scales['x']!.getPixelForValue(ns)
      const budget = x(BUDGET_NS)
      ctx.save()
      upright({ ctx, chartArea }, budget, colours)
      ctx.font = `11.5px ${options.font?.family ?? 'sans-serif'}`
      const text = `${tick(BUDGET_NS)} budget`
      const left =
        budget + 5 + ctx.measureText(text).width > chartArea.right
          ? budget - 5 - ctx.measureText(text).width
          : budget + 5
      write(ctx, text, left, chartArea.bottom - 6, colours.muted, colours.card)
      for (const [index, { lowNs, highNs, colour }] of rows.entries()) {
        if (lowNs === null || highNs === null) continue
        const middle = scales['y']!.getPixelForValue(index)
        ctx.strokeStyle = colour
        ctx.lineWidth = 2
        ctx.beginPath()
        ctx.moveTo(x(lowNs), middle)
        ctx.lineTo(x(highNs), middle)
        for (const end of [x(lowNs), x(highNs)]) {
          ctx.moveTo(end, middle - 9)
          ctx.lineTo(end, middle + 9)
        }
        ctx.stroke()
      }
      ctx.restore()
    },
    afterDatasetsDraw({ ctx, chartArea, scales, options }) {
      const family = options.font?.family ?? 'sans-serif'
      ctx.save()
      for (const [index, { meanNs, origin, name, fits }] of rows.entries()) {
        const y = scales['y']!.getPixelForValue(index)
        const main = duration(meanNs)
        const more = `${isFitted(origin) ? 'fitted · ' : ''}${count(fits)} fit`
        ctx.font = `650 12.5px ${family}`
        const mainWidth = ctx.measureText(main).width
        ctx.font = `11.5px ${family}`
        const width = mainWidth + 9 + ctx.measureText(more).width
        const wanted = scales['x']!.getPixelForValue(meanNs) - mainWidth / 2
        const left = Math.max(chartArea.left + 2, Math.min(wanted, chartArea.right - width))
        write(ctx, more, left + mainWidth + 9, y - 14, colours.muted, colours.card)
        ctx.font = `650 12.5px ${family}`
        write(ctx, main, left, y - 14, colours.ink, colours.card)
        if (!narrow) continue
        ctx.font = `600 12.5px ${family}`
        write(ctx, name, chartArea.left + 2, y - 30, colours.ink, colours.card)
      }
      ctx.restore()
    },
  }
}
