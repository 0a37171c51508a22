import type { Comparison } from '../../bench/contract/index.ts'
import type { ChartData } from '../charts/data.ts'
import { chartData } from '../charts/data.ts'
import { DARK, LIGHT } from '../charts/themes.ts'
import { leadPlace } from '../standing.ts'
import { viewOf } from '../view.ts'
import { chartFigures } from './chart-figures.ts'
import type { Picture } from './easel.ts'
import { openEasel } from './easel.ts'
import { matrixPicture } from './matrix.ts'
import { SOCIAL_RATIO, socialPicture } from './social.ts'
import { oneLine } from './text.ts'

const THEMES = { light: LIGHT, dark: DARK } as const

export const isTheme = (name: string): name is keyof typeof THEMES => Object.hasOwn(THEMES, name)

/** A drawn file. */
export interface Figure {
  /** Chart, `matrix` or `social`. */
  readonly id: string
  readonly fileName: string
  readonly title: string
  readonly content: string | Buffer
}

const RATIO = 2

/**
 * Every picture that there is data for, as PNG and SVG. The same comparison gives the same bytes.
 * @throws SqlatencyError NO_CANVAS where none can be drawn
 */
export async function drawFigures(comparison: Comparison, theme: keyof typeof THEMES = 'light'): Promise<Figure[]> {
  const easel = await openEasel()
  const view = viewOf(comparison)
  const data = drawable(chartData(view, leadPlace(view), ''))
  const colours = THEMES[theme]
  const matrix = matrixPicture(view, colours, easel)
  const social = socialPicture(view, data, colours, easel)
  const pictures: Record<string, Picture> = {
    ...chartFigures(view, data, colours, easel),
    ...(matrix === null ? {} : { matrix }),
  }
  return [
    ...Object.entries(pictures).flatMap(([id, picture]): Figure[] => [
      { id, fileName: `${id}.svg`, title: picture.title, content: easel.svg(picture) },
      { id, fileName: `${id}.png`, title: picture.title, content: easel.png(picture, RATIO) },
    ]),
    ...(social === null
      ? []
      : [{ id: 'social', fileName: 'social.png', title: social.title, content: easel.png(social, SOCIAL_RATIO) }]),
  ]
}

/** A chart writes names as they are. */
function drawable(data: ChartData): ChartData {
  return { ...data, backends: data.backends.map((backend) => ({ ...backend, name: oneLine(backend.name) })) }
}
