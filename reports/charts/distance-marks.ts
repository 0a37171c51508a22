/// <reference lib="dom" />
import type { Plugin } from 'chart.js'
import { duration } from '../format.ts'
import type { Colours } from './colours.ts'
import { faint } from './colours.ts'
import { upright } from './upright.ts'
import { write } from './write.ts'

export interface CrossingMark {
  readonly rttNs: number
  readonly latencyNs: number
  /** The round trip. */
  readonly text: string
  /** Who is faster on either side of it, where there is room for names. */
  readonly names: string
}

interface Marks {
  readonly places: readonly { readonly name: string; readonly rttNs: number }[]
  readonly crossings: readonly CrossingMark[]
  /** Round trip of the control; 0: none chosen. */
  readonly chosenNs: number
  readonly colours: Colours
  readonly narrow: boolean
}

/** A named distance is an order of magnitude: its band is an eighth of it wide to either side. */
const BAND = 1.12

/** Bands of the named distances behind the lines, the chosen distance, and each crossing with its name at its place. */
export function distanceMarks({ places, crossings, chosenNs, colours, narrow }: Marks): Plugin<'line'> {
  return {
    id: 'distance',
    beforeDatasetsDraw(chart) {
      const { ctx, chartArea: area } = chart
      const x = (ns: number): number => chart.scales['x']!.getPixelForValue(ns)
      ctx.save()
      for (const { rttNs } of places) {
        const [left, right] = [Math.max(area.left, x(rttNs / BAND)), Math.min(area.right, x(rttNs * BAND))]
        ctx.fillStyle = faint(colours.grid, 0.55)
        if (right > left) ctx.fillRect(left, area.top, right - left, area.bottom - area.top)
      }
      if (chosenNs > 0) upright(chart, x(chosenNs), colours)
      ctx.restore()
    },
    afterDatasetsDraw(chart) {
      const { ctx, chartArea: area, scales } = chart
      const family = chart.options.font?.family ?? 'sans-serif'
      const x = (ns: number): number => scales['x']!.getPixelForValue(ns)
      ctx.save()
      ctx.font = `11px ${family}`
      for (const { name, rttNs } of places) {
        const middle = x(rttNs)
        if (middle < area.left || middle > area.right) continue
        ctx.save()
        ctx.translate(middle + 4, area.bottom - 8)
        ctx.rotate(-Math.PI / 2)
        write(ctx, name, 0, 0, colours.muted, colours.card)
        ctx.restore()
      }
      if (chosenNs > 0) {
        const text = `${duration(chosenNs)} chosen`
        const width = ctx.measureText(text).width
        const left = Math.min(x(chosenNs) + 5, area.right - width)
        write(ctx, text, left, area.top + 12, colours.ink, colours.card)
      }
      for (const { rttNs, latencyNs, text: at, names } of crossings) {
        const text = narrow ? at : `${at}: ${names}`
        const [left, top] = [x(rttNs), scales['y']!.getPixelForValue(latencyNs)]
        ctx.strokeStyle = colours.ink
        ctx.lineWidth = 1.6
        ctx.beginPath()
        ctx.arc(left, top, 8, 0, 2 * Math.PI)
        ctx.stroke()
        ctx.font = `600 ${narrow ? 11 : 12}px ${family}`
        const width = ctx.measureText(text).width
        // Lines rise to the right, so there is most room to the left.
        const start = Math.max(area.left + 2, left - width - 4)
        write(ctx, text, start, top - 14, colours.ink, colours.card)
      }
      ctx.restore()
    },
  }
}
