/// <reference lib="dom" />
import type { Plugin, ScaleOptionsByType } from 'chart.js'
import { tick } from '../format.ts'
import type { Colours } from './colours.ts'
import { fontOf } from './font.ts'
import { write } from './write.ts'

/** A row with a logarithmic axis of its own, so that what lies decades apart fills its room. */
export interface Facet {
  readonly name: string
  readonly lowNs: number
  readonly highNs: number
  /** Said at the right of its name, where there is room. */
  readonly aside?: string
}

export interface Facets {
  readonly y: Partial<ScaleOptionsByType<'linear'>>
  /** Where a duration lies on the scale `y`. Beyond the row it lies on its edge. */
  place(row: number, ns: number): number
  /** Draws each row's lines and, above it, its name. */
  readonly plugin: Plugin
  readonly height: number
}

const ROW_PX = 138
const MARGIN_PX = 50
/** Parts of a row: its name above, a gap below. */
const TOP = 0.19
const BOTTOM = 0.95
const NAME_PX = 12.5
/** Closer labels would touch one another. */
const LABEL_PX = 15

/** @param stripPx kept free between a row and its name */
export function facets(rows: readonly Facet[], colours: Colours, stripPx = 0): Facets {
  const place = (row: number, ns: number): number => {
    const { lowNs, highNs } = rows[row]!
    const share = Math.log(ns / lowNs) / Math.log(highNs / lowNs)
    return row + BOTTOM - Math.max(0, Math.min(1, share)) * (BOTTOM - TOP)
  }
  const ticks = rows.flatMap((facet, row) => ticksOf(facet).map((ns) => ({ value: place(row, ns), label: tick(ns) })))
  return {
    place,
    height: MARGIN_PX + ROW_PX * Math.max(1, rows.length),
    y: {
      type: 'linear',
      min: 0,
      max: Math.max(1, rows.length),
      reverse: true,
      border: { display: false },
      grid: { drawTicks: false, color: colours.grid },
      afterBuildTicks: (axis: { ticks: unknown[] }) => {
        axis.ticks = ticks.map(({ value }) => ({ value }))
      },
      ticks: {
        autoSkip: false,
        color: colours.muted,
        callback: (value: number | string) => ticks.find((one) => one.value === value)?.label ?? '',
      },
    } as unknown as Partial<ScaleOptionsByType<'linear'>>,
    plugin: {
      id: 'facets',
      afterDatasetsDraw(chart) {
        const { ctx, chartArea, scales } = chart
        ctx.save()
        for (const [row, { name, aside = '' }] of rows.entries()) {
          ctx.font = fontOf(chart, `600 ${NAME_PX}px`)
          const room = chartArea.right - chartArea.left - 4
          ctx.font = fontOf(chart, `600 ${NAME_PX * Math.min(1, room / ctx.measureText(name).width)}px`)
          const base = scales['y']!.getPixelForValue(row + TOP) - 7 - stripPx
          write(ctx, name, chartArea.left + 2, base, colours.ink, colours.card)
          const taken = ctx.measureText(name).width
          ctx.font = fontOf(chart, '11px')
          const width = ctx.measureText(aside).width
          if (taken + width + 16 < room) write(ctx, aside, chartArea.right - width, base, colours.muted, colours.card)
        }
        ctx.restore()
      },
    },
  }
}

/** Decades; where a row has fewer than two of them, 2 and 5 too, then every digit, and as a last resort its ends. */
function ticksOf({ lowNs, highNs }: Facet): number[] {
  const within = (digits: readonly number[]): number[] => {
    const first = Math.floor(Math.log10(lowNs))
    const decades = Array.from({ length: Math.ceil(Math.log10(highNs)) - first + 1 }, (_, n) => 10 ** (first + n))
    return decades
      .flatMap((decade) => digits.map((digit) => digit * decade))
      .filter((ns) => ns >= lowNs * 0.999 && ns <= highNs * 1.001)
  }
  const found = [within([1]), within([1, 2, 5]), within([1, 2, 3, 4, 5, 6, 7, 8, 9])].find(
    (ticks) => ticks.length >= 2,
  ) ?? [lowNs, highNs]
  const pixel = (ns: number): number => (Math.log(ns / lowNs) / Math.log(highNs / lowNs)) * ROW_PX * (BOTTOM - TOP)
  let last = -Infinity
  return found.filter((ns) => {
    if (pixel(ns) - last < LABEL_PX) return false
    last = pixel(ns)
    return true
  })
}
