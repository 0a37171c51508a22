import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ChartConfiguration } from 'chart.js'
import { beforeAll, describe, expect, test } from 'vitest'
import { chartData } from '../charts/data.ts'
import type { Drawing } from '../charts/drawing.ts'
import { charts } from '../charts/index.ts'
import { coloursOf, LIGHT } from '../charts/themes.ts'
import { inventedComparison } from '../testing/fixture.ts'
import { viewOf } from '../view.ts'
import { chartPicture } from './chart-picture.ts'
import type { Easel, Picture } from './easel.ts'
import { openEasel } from './easel.ts'
import { matrixPicture } from './matrix.ts'
import { socialPicture } from './social.ts'
import { coarse, largestDifference, pixelsOf } from './testing/likeness.ts'

/** Shaken letters stay below, a missing label does not: the tests below show both. */
const LIMIT = 21
const LARGEST_FILE = 45_000
const WRITE = process.env['SQLATENCY_PICTURES'] === 'write'
const SIZES = { titlePx: 13, aboutPx: 12, caveatPx: 12, sourcePx: 11, mostCaveatLines: 1 }
const HOW =
  'Look at what is drawn; if it should be so: SQLATENCY_PICTURES=write npx vitest run reports/figures/pictures.test.ts'

const SHAPES = [{ earlier: true }, { loads: true }].map((shape) =>
  viewOf(inventedComparison({ backends: 3, scenarios: 3, ...shape })),
)

let easel: Easel
beforeAll(async () => {
  easel = await openEasel()
})

function drawingOf(id: string): Drawing {
  const drawings = SHAPES.map((view) => {
    const data = chartData(view, 0, '')
    return charts[id]!(data, {
      scenario: 0,
      shown: new Set(data.backends.keys()),
      colours: coloursOf(LIGHT),
      narrow: false,
    })
  })
  const found = drawings.find(({ isEmpty }) => !isEmpty)
  if (found === undefined) throw new Error(`the invented comparisons have nothing for the chart ${id}`)
  return found
}

function pictureOf(id: string, change: (configuration: ChartConfiguration) => void = () => {}): Picture {
  const drawing = drawingOf(id)
  change(drawing.configuration)
  const caption = {
    title: id,
    about: 'A picture test.',
    legend: [],
    caveats: 'Nothing was measured.',
    source: 'sqlatency',
  }
  return chartPicture(drawing, caption, { widthPx: 460, sizes: SIZES }, LIGHT, easel)
}

/** As another rasteriser might draw it: letters a fraction of a pixel aside and lighter. */
const shaken = (picture: Picture, px: number, alpha: number): Picture => ({
  ...picture,
  paint(canvas, ratio) {
    const context = canvas.getContext('2d')!
    const { fillText, strokeText } = context
    context.fillText = (text, x, y, most) => {
      const before = context.globalAlpha
      context.globalAlpha = before * alpha
      fillText.call(context, text, x + px, y + px, most)
      context.globalAlpha = before
    }
    context.strokeText = (text, x, y, most) => strokeText.call(context, text, x + px, y + px, most)
    return picture.paint(canvas, ratio)
  },
})

/** Between what is drawn and what is stored. */
async function differenceFromStored(name: string, png: Buffer): Promise<number> {
  const path = fileURLToPath(new URL(`testing/pictures/${name}.png`, import.meta.url))
  if (WRITE) writeFileSync(path, await coarse(png))
  expect(existsSync(path), `there is no ${path}. ${HOW}`).toBe(true)
  const stored = readFileSync(path)
  expect(stored.length).toBeLessThan(LARGEST_FILE)
  return largestDifference(await pixelsOf(stored), await pixelsOf(await coarse(png)))
}

const difference = async (one: Picture, other: Picture): Promise<number> =>
  largestDifference(await pixelsOf(easel.png(one, 1)), await pixelsOf(easel.png(other, 1)))

/** Takes something away. @returns whether there was something, once it is drawn */
type Loss = (configuration: ChartConfiguration) => () => boolean

const LOSSES: Readonly<Record<string, Loss>> = {
  'its last series': ({ data }) => {
    const last = data.datasets.at(-1)!
    const hadPoints = last.data.length > 0
    // Plugins may look at its points, so they stay.
    for (const key of ['borderColor', 'backgroundColor', 'pointBorderColor', 'pointBackgroundColor'] as const)
      Object.assign(last, { [key]: 'transparent' })
    return () => hadPoints && !isInvisible(data)
  },
  'what it draws itself': (configuration) => {
    const { plugins = [] } = configuration
    configuration.plugins = []
    return () => plugins.length > 0
  },
  'its horizontal axis': (configuration) => hide(configuration, 'x'),
  'its vertical axis': (configuration) => hide(configuration, 'y'),
  'a label of its horizontal axis': (configuration) => dropLabel(configuration, 'x'),
  'a label of its vertical axis': (configuration) => dropLabel(configuration, 'y'),
}

/** Its datasets only give names and places to points that a plugin draws. */
const isInvisible = ({ datasets }: ChartConfiguration['data']): boolean =>
  datasets.every(
    (dataset) =>
      'pointRadius' in dataset && dataset.pointRadius === 0 && dataset.type !== 'line' && !('borderWidth' in dataset),
  )

interface LooseScale {
  display?: boolean
  ticks: { callback?: (this: unknown, value: number, index: number, ticks: { value: number }[]) => string }
}

const scaleOf = ({ options }: ChartConfiguration, axis: 'x' | 'y'): LooseScale =>
  options!.scales![axis] as unknown as LooseScale

function hide(configuration: ChartConfiguration, axis: 'x' | 'y'): () => boolean {
  scaleOf(configuration, axis).display = false
  return () => true
}

/** The widest one. */
function dropLabel(configuration: ChartConfiguration, axis: 'x' | 'y'): () => boolean {
  const { ticks } = scaleOf(configuration, axis)
  const { callback } = ticks
  let dropped = false
  if (callback !== undefined)
    ticks.callback = function (value, index, all) {
      const texts = all.map((one, at) => callback.call(this, one.value, at, all))
      const widest = texts.reduce((best, text, at) => (text.length > texts[best]!.length ? at : best), 0)
      if (index !== widest || texts[widest] === '') return callback.call(this, value, index, all)
      dropped = true
      // A blank keeps the room of the axis.
      return ' '
    }
  return () => dropped
}

describe.each(Object.keys(charts))('chart %s', (id) => {
  test('looks as it is stored', async () => {
    expect(await differenceFromStored(id, easel.png(pictureOf(id), 1)), HOW).toBeLessThan(LIMIT)
  })

  test('looks the same with letters that are smoothed otherwise', async () => {
    expect(await difference(pictureOf(id), shaken(pictureOf(id), 0.1, 1))).toBeLessThan(LIMIT)
    expect(await difference(pictureOf(id), shaken(pictureOf(id), 0, 0.92))).toBeLessThan(LIMIT)
  })

  test.each(Object.entries(LOSSES))('does not look the same without %s, if it has it', async (_, lose) => {
    const found: { had?: () => boolean } = {}
    const lost = pictureOf(id, (configuration) => {
      found.had = lose(configuration)
    })
    const seen = await difference(pictureOf(id), lost)
    expect(seen > LIMIT || found.had?.() === false, `a difference of ${seen}`).toBe(true)
  })

  test('has at least a series or something that it draws itself, and an axis', () => {
    const { data, plugins = [], options } = drawingOf(id).configuration
    expect(data.datasets.length + plugins.length).toBeGreaterThan(0)
    expect(Object.keys(options?.scales ?? {}).length).toBeGreaterThan(0)
  })
})

test('the matrix looks as it is stored, and a cell of another colour is seen', async () => {
  const view = SHAPES[0]!
  const picture = matrixPicture(view, LIGHT, easel)!
  expect(await differenceFromStored('matrix', easel.png(picture, 0.5)), HOW).toBeLessThan(LIMIT)
  const others = { ...LIGHT, blues: LIGHT.blues.with(3, LIGHT.blues[4]) as unknown as typeof LIGHT.blues }
  expect(await difference(picture, matrixPicture(view, others, easel)!)).toBeGreaterThan(LIMIT)
})

test('the picture for links looks as it is stored', async () => {
  const view = SHAPES[0]!
  const picture = socialPicture(view, chartData(view, 0, ''), LIGHT, easel)!
  expect(await differenceFromStored('social', easel.png(picture, 0.5)), HOW).toBeLessThan(LIMIT)
})
