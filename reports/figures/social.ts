import type { ChartData } from '../charts/data.ts'
import { ladder } from '../charts/ladder.ts'
import type { Theme } from '../charts/themes.ts'
import { coloursOf } from '../charts/themes.ts'
import { plural } from '../format.ts'
import { QUESTION } from '../question.ts'
import { plain } from '../sentence.ts'
import { verdict } from '../verdict.ts'
import type { View } from '../view.ts'
import { caveatLine } from './caveats.ts'
import { chartPicture } from './chart-picture.ts'
import type { Easel, Picture } from './easel.ts'
import type { Sizes } from './frame.ts'
import { ratioColumn } from './ratio-column.ts'
import { sourceLine } from './source.ts'

/** 1200 × 630 device pixels at `SOCIAL_RATIO`. */
const [WIDTH_PX, HEIGHT_PX] = [960, 504]
export const SOCIAL_RATIO = 1.25
const SIZES: Sizes = { titlePx: 31, aboutPx: 14, caveatPx: 12, sourcePx: 12, mostCaveatLines: 2 }
/** More rows cannot be read at the size at which such a picture is shown. */
const MOST_ROWS = 7

/** The question, the answer, the ladder that it follows from, and what it does not say: for a link or a post. */
export function socialPicture(view: View, data: ChartData, theme: Theme, easel: Easel): Picture | null {
  const scenario = view.scenarios[data.first]
  const rows = data.ladder[data.first] ?? []
  if (scenario === undefined || rows.length === 0) return null
  // The fastest, and the slowest: whoever is left out lies between them.
  const shown = rows.length <= MOST_ROWS ? rows : [...rows.slice(0, MOST_ROWS - 1), rows.at(-1)!]
  const places = new Set(shown.map(({ backend }) => backend))
  const ids = new Set([...places].map((place) => data.backends[place]!.id))
  const left = rows.length - shown.length
  const scene = { scenario: data.first, shown: places, colours: coloursOf(theme), narrow: false }
  return chartPicture(
    ladder(data, scene),
    {
      title: QUESTION,
      about: plain(verdict(view)[0] ?? []),
      legend: [],
      caveats: [
        ...(left === 0 ? [] : [`${plural(left, 'backend is', 'backends are')} left out above the last.`]),
        caveatLine(view, { backends: [...ids], scenarios: [scenario.id] }, 3),
      ].join(' '),
      source: sourceLine(view),
    },
    { widthPx: WIDTH_PX, heightPx: HEIGHT_PX, sizes: SIZES, ...ratioColumn(view, scenario.id, theme, ids) },
    theme,
    easel,
  )
}
