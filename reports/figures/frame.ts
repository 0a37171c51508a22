/// <reference lib="dom" />
import type { Theme } from '../charts/themes.ts'
import type { Easel } from './easel.ts'
import { FAMILY } from './easel.ts'
import type { LegendItem } from './legend.ts'
import { layLegend } from './legend.ts'
import type { Measure } from './text.ts'
import { cut, oneLine, wrap } from './text.ts'

/** What stands around a drawing, so that it can be cut from its page. */
export interface Caption {
  readonly title: string
  /** What it shows and how to read it. */
  readonly about: string
  readonly legend: readonly LegendItem[]
  /** What the figures do not say; may be empty. */
  readonly caveats: string
  /** Who measured: tool, run and machine. */
  readonly source: string
}

export interface Sizes {
  readonly titlePx: number
  readonly aboutPx: number
  readonly caveatPx: number
  readonly sourcePx: number
  readonly mostCaveatLines: number
}

export const USUAL: Sizes = { titlePx: 22, aboutPx: 13.5, caveatPx: 12, sourcePx: 11.5, mostCaveatLines: 4 }

export interface Frame {
  /** Taken above and below, in CSS pixels. */
  readonly topPx: number
  readonly bottomPx: number
  readonly leftPx: number
  /** Ground, head and foot. */
  paint(context: CanvasRenderingContext2D, heightPx: number): void
}

export const MARGIN_PX = 28
const LEADING = 1.42
const GAP_PX = 12

interface Line {
  readonly text: string
  readonly font: string
  readonly colour: string
  /** Of its baseline, from the top of its block. */
  readonly yPx: number
}

/** Lays out the texts once, so that what is drawn between them knows its room. */
export function frameOf(caption: Caption, widthPx: number, theme: Theme, easel: Easel, sizes: Sizes = USUAL): Frame {
  const room = widthPx - 2 * MARGIN_PX
  const head = new Block(room, easel)
  head.add(caption.title, `700 ${sizes.titlePx}px ${FAMILY}`, sizes.titlePx, theme.ink, 2)
  head.space(3)
  head.add(caption.about, `${sizes.aboutPx}px ${FAMILY}`, sizes.aboutPx, theme.ink2, 3)
  const legend = layLegend(caption.legend, room, easel)
  const foot = new Block(room, easel)
  foot.add(caption.caveats, `${sizes.caveatPx}px ${FAMILY}`, sizes.caveatPx, theme.warn, sizes.mostCaveatLines)
  foot.space(6)
  foot.add(caption.source, `${sizes.sourcePx}px ${FAMILY}`, sizes.sourcePx, theme.muted, 1)
  const legendTop = MARGIN_PX + head.heightPx + (caption.legend.length === 0 ? 0 : GAP_PX)
  return {
    topPx: Math.ceil(legendTop + legend.heightPx + GAP_PX),
    bottomPx: Math.ceil(GAP_PX + foot.heightPx + MARGIN_PX * 0.7),
    leftPx: MARGIN_PX,
    paint(context, heightPx) {
      context.save()
      context.fillStyle = theme.card
      context.fillRect(0, 0, widthPx, heightPx)
      context.textAlign = 'left'
      context.textBaseline = 'alphabetic'
      head.paint(context, MARGIN_PX)
      legend.paint(context, MARGIN_PX, legendTop, theme)
      foot.paint(context, heightPx - MARGIN_PX * 0.7 - foot.heightPx)
      context.restore()
    },
  }
}

/** Paragraphs below one another. */
class Block {
  heightPx = 0
  readonly #lines: Line[] = []
  readonly #roomPx: number
  readonly #easel: Easel

  constructor(roomPx: number, easel: Easel) {
    this.#roomPx = roomPx
    this.#easel = easel
  }

  add(text: string, font: string, sizePx: number, colour: string, mostLines: number): void {
    const measure: Measure = this.#easel.measure(font)
    const lines =
      mostLines === 1 ? [cut(oneLine(text), this.#roomPx, measure)] : wrap(text, this.#roomPx, measure, mostLines)
    for (const line of lines) {
      this.heightPx += sizePx * LEADING
      this.#lines.push({ text: line, font, colour, yPx: this.heightPx - sizePx * 0.36 })
    }
  }

  space(px: number): void {
    this.heightPx += px
  }

  paint(context: CanvasRenderingContext2D, topPx: number): void {
    for (const { text, font, colour, yPx } of this.#lines) {
      context.font = font
      context.fillStyle = colour
      context.fillText(text, MARGIN_PX, topPx + yPx)
    }
  }
}
