import type { ChartData } from '../charts/data.ts'
import type { Draw, Drawing, Scene } from '../charts/drawing.ts'
import { drawnScenarios } from '../charts/distance.ts'
import { charts } from '../charts/index.ts'
import type { Theme } from '../charts/themes.ts'
import { coloursOf } from '../charts/themes.ts'
import { distancesMade } from '../distance.ts'
import { list } from '../format.ts'
import type { View } from '../view.ts'
import { caveatLine, missingLine } from './caveats.ts'
import { chartPicture } from './chart-picture.ts'
import type { Easel, Picture } from './easel.ts'
import { ratioColumn } from './ratio-column.ts'
import { sourceLine } from './source.ts'
import { FIGURE_WORDS } from './words.ts'

const WIDTH_PX = 860

/** A picture of every chart that this run has data for, by its name. */
export function chartFigures(view: View, data: ChartData, theme: Theme, easel: Easel): Record<string, Picture> {
  return Object.fromEntries(
    Object.entries(charts).flatMap(([id, draw]) => {
      const picture = figureOf(id, draw, view, data, theme, easel)
      return picture === null ? [] : [[id, picture]]
    }),
  )
}

function figureOf(id: string, draw: Draw, view: View, data: ChartData, theme: Theme, easel: Easel): Picture | null {
  const found = firstWith(draw, data, theme)
  if (found === null) return null
  const { scene, drawing } = found
  const scenario = view.scenarios[scene.scenario]
  const words = FIGURE_WORDS[id] ?? { title: id, about: '', oneScenario: true, namesRows: false }
  const places = [...scene.shown].filter((place) => {
    const alone = draw(data, { ...scene, shown: new Set([place]) })
    // What is alike at any distance is no chart by itself, and stands in one.
    return !alone.isEmpty || alone.points.length > 0
  })
  const drawn =
    id === 'distance' && data.distance !== null ? drawnScenarios(data, data.distance, scene.scenario) : [scene.scenario]
  const scenarios = drawn.map((place) => view.scenarios[place]!)
  const oneScenario = words.oneScenario && scenario !== undefined
  const column = id === 'ladder' && scenario !== undefined ? ratioColumn(view, scenario.id, theme) : null
  return chartPicture(
    drawing,
    {
      title: oneScenario ? `${words.title}: ${list(scenarios.map(({ title }) => title))}` : words.title,
      about: words.about,
      legend: words.namesRows ? [] : places.map((place) => data.backends[place]!),
      caveats: [
        ...(id === 'distance' && view.run.distance !== null ? [distancesMade(view.run.distance)] : []),
        caveatLine(view, {
          backends: places.map((place) => data.backends[place]!.id),
          scenarios: (oneScenario ? scenarios : view.scenarios).map((one) => one.id),
        }),
        ...(oneScenario && id !== 'trend' ? [missingLine(view, scenario.id)] : []),
      ]
        .filter((line) => line !== '')
        .join(' '),
      source: sourceLine(view),
    },
    { widthPx: WIDTH_PX, ...(column === null ? {} : column) },
    theme,
    easel,
  )
}

/** The scenario that the page shows first if the chart has something of it, else the first that it has. */
function firstWith(draw: Draw, data: ChartData, theme: Theme): { scene: Scene; drawing: Drawing } | null {
  const shown = new Set(data.backends.keys())
  for (const scenario of new Set([data.first, ...data.scenarios.keys()])) {
    const scene = { scenario, shown, colours: coloursOf(theme), narrow: false }
    const drawing = draw(data, scene)
    if (!drawing.isEmpty) return { scene, drawing }
  }
  return null
}
