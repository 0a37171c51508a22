/// <reference lib="dom" />
import { createRequire } from 'node:module'
import type * as Library from '@napi-rs/canvas'
import { SqlatencyError, messageOf } from '../../bench/contract/index.ts'
import type { Measure } from './text.ts'
import { finishSvg, takeTexts } from './svg.ts'

/** Something to be drawn, in CSS pixels. */
export interface Picture {
  readonly width: number
  readonly height: number
  /** For those who do not see it. */
  readonly title: string
  readonly description: string
  /**
   * @param canvas in the size of the picture; it may be resized
   * @param ratio device pixels a CSS pixel
   * @returns what is done when the drawing was taken
   */
  paint(canvas: HTMLCanvasElement, ratio: number): () => void
}

/** Draws without a browser. */
export interface Easel {
  /** The width of a text in a font, such as `600 13px Inter`. */
  measure(font: string): Measure
  png(picture: Picture, ratio: number): Buffer
  svg(picture: Picture): string
}

export const FAMILY = 'Inter'
const WEIGHTS = ['Regular', 'SemiBold', 'Bold'] as const

/**
 * Loads canvas and typeface: 35 MB that no other command needs.
 * @throws SqlatencyError NO_CANVAS where there is none for this platform
 */
export async function openEasel(): Promise<Easel> {
  const { createCanvas, SvgExportFlag, GlobalFonts } = await load()
  const scratch = createCanvas(1, 1).getContext('2d')
  const { resolve } = createRequire(import.meta.url)
  for (const weight of WEIGHTS) GlobalFonts.registerFromPath(resolve(`inter-ui/web/Inter-${weight}.woff2`), FAMILY)
  return {
    measure: (font) => (text) => {
      scratch.font = font
      return scratch.measureText(text).width
    },
    png(picture, ratio) {
      const canvas = createCanvas(picture.width, picture.height)
      const done = picture.paint(canvas as unknown as HTMLCanvasElement, ratio)
      const file = canvas.toBuffer('image/png')
      done()
      return file
    },
    svg(picture) {
      const canvas = createCanvas(picture.width, picture.height, SvgExportFlag.NoPrettyXML)
      const texts = takeTexts(canvas.getContext('2d') as unknown as CanvasRenderingContext2D)
      const done = picture.paint(canvas as unknown as HTMLCanvasElement, 1)
      const file = finishSvg(canvas.getContent().toString('utf8'), texts, picture)
      done()
      return file
    },
  }
}

async function load(): Promise<typeof Library> {
  try {
    return await import('@napi-rs/canvas')
  } catch (error) {
    const [first] = messageOf(error).split('\n', 1)
    throw new SqlatencyError(
      'NO_CANVAS',
      `Figures cannot be drawn here, because @napi-rs/canvas does not load (${first}).`,
      {},
      { cause: error },
    )
  }
}
