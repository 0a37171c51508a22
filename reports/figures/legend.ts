/// <reference lib="dom" />
import { drawPoint } from 'chart.js/helpers'
import { colourOf, pointOf } from '../charts/colours.ts'
import type { Look } from '../charts/looks.ts'
import type { Theme } from '../charts/themes.ts'
import { coloursOf } from '../charts/themes.ts'
import type { Easel } from './easel.ts'
import { FAMILY } from './easel.ts'
import { cut, oneLine } from './text.ts'

export interface LegendItem {
  readonly name: string
  readonly look: Look
}

interface Legend {
  readonly heightPx: number
  paint(context: CanvasRenderingContext2D, leftPx: number, topPx: number, theme: Theme): void
}

const FONT = `600 12.5px ${FAMILY}`
export const SAMPLE_PX = 34
const ROW_PX = 21
const BETWEEN_PX = 22

/** Line, marker and name of each backend, in as many rows as they need. */
export function layLegend(items: readonly LegendItem[], roomPx: number, easel: Easel): Legend {
  const measure = easel.measure(FONT)
  let [x, row] = [0, 0]
  const places = items.map(({ name, look }) => {
    const text = cut(oneLine(name), roomPx - SAMPLE_PX - 8, measure)
    const widthPx = SAMPLE_PX + 8 + measure(text)
    if (x > 0 && x + widthPx > roomPx) [x, row] = [0, row + 1]
    const place = { text, look, x, row }
    x += widthPx + BETWEEN_PX
    return place
  })
  return {
    heightPx: items.length === 0 ? 0 : (row + 1) * ROW_PX,
    paint(context, leftPx, topPx, theme) {
      for (const place of places) {
        const [left, middle] = [leftPx + place.x, topPx + place.row * ROW_PX + ROW_PX / 2]
        drawSample(context, place.look, left, middle, theme)
        context.font = FONT
        context.fillStyle = theme.ink
        context.fillText(place.text, left + SAMPLE_PX + 8, middle + 4.5)
      }
    },
  }
}

export function drawSample(
  context: CanvasRenderingContext2D,
  look: Look,
  left: number,
  middle: number,
  theme: Theme,
): void {
  const colour = colourOf(coloursOf(theme), look)
  context.save()
  context.strokeStyle = colour
  context.lineWidth = 2.2
  context.setLineDash([...look.dash])
  context.beginPath()
  context.moveTo(left, middle)
  context.lineTo(left + SAMPLE_PX, middle)
  context.stroke()
  context.setLineDash([])
  context.lineWidth = 1.5
  context.fillStyle = look.hollow ? theme.card : colour
  const { pointStyle, rotation } = pointOf(look)
  drawPoint(
    context,
    { pointStyle: pointStyle as 'circle', rotation, radius: 4.5, borderWidth: 1.5 },
    left + SAMPLE_PX / 2,
    middle,
  )
  context.restore()
}
