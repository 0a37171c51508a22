/// <reference lib="dom" />
import type { Plugin } from 'chart.js'
import type { Colours } from './colours.ts'
import { fontOf } from './font.ts'
import { write } from './write.ts'

interface Label {
  readonly text: string
  readonly isKnee: boolean
}

interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** Line height of a label. */
const LINE_PX = 13
const RING_PX = 9

/** A label beside each point and a ring around each knee. Where labels would lie upon one another, knees come first. */
export function loadLabels(labels: readonly (readonly Label[])[], colours: Colours): Plugin<'line'> {
  return {
    id: 'load-labels',
    afterDatasetsDraw(chart) {
      const { ctx, chartArea } = chart
      const all = labels
        .flatMap((row, dataset) =>
          row.map((label, index) => ({ ...label, at: chart.getDatasetMeta(dataset).data[index]! })),
        )
        .toSorted((a, b) => Number(b.isKnee) - Number(a.isKnee))
      const taken: Box[] = []
      ctx.save()
      ctx.font = fontOf(chart, '11.5px')
      for (const { text, isKnee, at } of all) {
        if (isKnee) ring(ctx, at.x, at.y, colours.ink)
        const width = ctx.measureText(text).width
        const left = Math.max(chartArea.left + 2, Math.min(chartArea.right - width, at.x - width / 2))
        const base = at.y - (isKnee ? RING_PX + 4 : 9)
        const box = { left, right: left + width, top: base - LINE_PX, bottom: base + 2 }
        if (taken.some((other) => overlap(box, other))) continue
        taken.push(box)
        write(ctx, text, left, base, isKnee ? colours.ink : colours.muted, colours.card)
      }
      ctx.restore()
    },
  }
}

function ring(ctx: CanvasRenderingContext2D, x: number, y: number, colour: string): void {
  ctx.strokeStyle = colour
  ctx.lineWidth = 1.6
  ctx.beginPath()
  ctx.arc(x, y, RING_PX, 0, 2 * Math.PI)
  ctx.stroke()
}

const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
