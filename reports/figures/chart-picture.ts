/// <reference lib="dom" />
import type { ChartConfiguration, ChartItem, Plugin } from 'chart.js'
import { Chart } from 'chart.js'
import type { Drawing } from '../charts/drawing.ts'
import { parts } from '../charts/parts.ts'
import type { Theme } from '../charts/themes.ts'
import type { Easel, Picture } from './easel.ts'
import { FAMILY } from './easel.ts'
import type { Caption, Sizes } from './frame.ts'
import { frameOf, USUAL } from './frame.ts'

export interface ChartRoom {
  readonly widthPx: number
  /** Of the whole picture; else the chart has the height that it asks for. */
  readonly heightPx?: number
  /** Kept free beside the chart. */
  readonly rightPx?: number
  readonly plugins?: readonly Plugin[]
  readonly sizes?: Sizes
}

const MOST_STRETCH = 1.5

/** A chart of the page, drawn by the same function, in a frame that says what it is. */
export function chartPicture(drawing: Drawing, caption: Caption, room: ChartRoom, theme: Theme, easel: Easel): Picture {
  const { widthPx, rightPx = 0 } = room
  const frame = frameOf(caption, widthPx, theme, easel, room.sizes ?? USUAL)
  const heightPx = room.heightPx ?? frame.topPx + drawing.height + frame.bottomPx
  // A chart of one row does not grow to fill a picture.
  const sparePx = Math.max(0, heightPx - frame.topPx - frame.bottomPx - drawing.height * MOST_STRETCH) / 2
  return {
    width: widthPx,
    height: heightPx,
    title: caption.title,
    description: [caption.about, drawing.summary, caption.caveats, caption.source].join(' '),
    paint(canvas, ratio) {
      Chart.register(...parts)
      Chart.defaults.font.family = FAMILY
      const { configuration } = drawing
      const around: Plugin = {
        id: 'frame',
        beforeDraw: ({ ctx }) => frame.paint(ctx, heightPx),
      }
      const chart = new Chart(
        canvas as ChartItem,
        {
          ...configuration,
          options: {
            ...configuration.options,
            responsive: false,
            animation: false,
            events: [],
            devicePixelRatio: ratio,
            layout: {
              padding: padded(configuration, {
                top: frame.topPx + sparePx,
                right: frame.leftPx + rightPx,
                bottom: frame.bottomPx + sparePx,
                left: frame.leftPx,
              }),
            },
          },
          plugins: [around, ...(configuration.plugins ?? []), ...(room.plugins ?? [])],
        } as ChartConfiguration,
      )
      return () => chart.destroy()
    },
  }
}

type Sides = Record<'top' | 'right' | 'bottom' | 'left', number>

/** What the chart itself asks for, and the frame. */
function padded(configuration: ChartConfiguration, frame: Sides): Sides {
  const own = configuration.options?.layout?.padding
  const of = (side: keyof Sides): number => {
    if (typeof own === 'number') return own
    return typeof own === 'object' && own !== null && side in own ? ((own as Partial<Sides>)[side] ?? 0) : 0
  }
  return {
    top: frame.top + of('top'),
    right: frame.right + of('right'),
    bottom: frame.bottom + of('bottom'),
    left: frame.left + of('left'),
  }
}
