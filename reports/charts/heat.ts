/// <reference lib="dom" />
import type { Plugin } from 'chart.js'
import { edgeNs } from './levels.ts'
import type { Colours } from './colours.ts'
import { faint } from './colours.ts'
import type { Facets } from './facets.ts'
import type { Slice } from './over-time.ts'
import { LETTERS, MARKS, TIMELINE_BINS } from './over-time-data.ts'
import { fontOf } from './font.ts'
import { write } from './write.ts'

/** The least that a single operation is coloured. */
const FAINTEST = 0.22
/** A letter needs so much room. */
const LETTER_PX = 9
/** Above each picture, for what is known to have happened: in a fast backend that is nearly always something. */
export const STRIP_PX = 12

/** Cells of time and latency in the hue of their backend, below a grey strip where something is known to have happened. */
export function heat(
  slices: readonly Slice[],
  rows: readonly { readonly colour: string; readonly others: readonly number[] }[],
  grid: Facets,
  colours: Colours,
): Plugin<'scatter'> {
  const highest = rows.map((_, row) =>
    Math.max(2, ...slices.filter((slice) => slice.row === row).flatMap(({ levels }) => levels)),
  )
  return {
    id: 'heat',
    beforeDatasetsDraw(chart) {
      const { ctx, scales } = chart
      const x = (value: number): number => scales['x']!.getPixelForValue(value)
      const y = (value: number): number => scales['y']!.getPixelForValue(value)
      ctx.save()
      ctx.font = fontOf(chart, '600 11px')
      for (const { row, left, right, firstBin, levels, mark } of slices) {
        const [from, width] = [x(left), x(right) - x(left)]
        const strip = y(grid.place(row, Infinity)) - STRIP_PX
        if (mark > 0) {
          ctx.fillStyle = faint(colours.muted, 0.2)
          ctx.fillRect(from, strip, Math.max(1, width - 0.5), STRIP_PX - 1)
        }
        for (const [n, level] of levels.entries()) {
          if (level === 0) continue
          const [low, high] = [firstBin + n, firstBin + n + 1].map((bin) =>
            y(grid.place(row, edgeNs(bin, TIMELINE_BINS))),
          )
          ctx.fillStyle = faint(rows[row]!.colour, FAINTEST + ((1 - FAINTEST) * (level - 1)) / (highest[row]! - 1))
          ctx.fillRect(from, high!, Math.max(1, width - 0.5), Math.max(1, low! - high! - 0.5))
        }
        const letters = `${(mark & MARKS.gc) === 0 ? '' : LETTERS.gc}${(mark & MARKS.runqueue) === 0 ? '' : LETTERS.runqueue}`
        if (letters !== '' && width >= LETTER_PX * letters.length)
          write(
            ctx,
            letters,
            from + (width - ctx.measureText(letters).width) / 2,
            strip + 9.5,
            colours.ink,
            colours.card,
          )
      }
      ctx.strokeStyle = colours.muted
      ctx.setLineDash([3, 3])
      ctx.lineWidth = 1
      for (const [row, { others }] of rows.entries()) {
        for (const at of others) {
          ctx.beginPath()
          ctx.moveTo(x(at), y(grid.place(row, Infinity)))
          ctx.lineTo(x(at), y(grid.place(row, 0)))
          ctx.stroke()
        }
      }
      ctx.restore()
    },
  }
}
