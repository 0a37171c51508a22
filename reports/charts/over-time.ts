import type { ChartConfiguration } from 'chart.js'
import { count, duration, ordinal, plural } from '../format.ts'
import { edgeNs, middleNs, unpack } from './levels.ts'
import { colourOf } from './colours.ts'
import type { ChartData } from './data.ts'
import type { Drawing, Scene } from './drawing.ts'
import { facets } from './facets.ts'
import { heat, STRIP_PX } from './heat.ts'
import type { OverTimeRow } from './over-time-data.ts'
import { LETTERS, MARKS, TIMELINE_BINS } from './over-time-data.ts'

/** Of the width of a round, what is left empty beside it: nobody measured there. */
const GAP = 0.12

/** One slice of a round, placed: a round is 1 wide. */
export interface Slice {
  readonly row: number
  readonly left: number
  readonly right: number
  readonly firstBin: number
  /** Doublings of the count of each bin. */
  readonly levels: readonly number[]
  /** A sum of `MARKS`. */
  readonly mark: number
  readonly text: string
}

/** When latencies were what they were: time from left to right, latency upwards, the fuller the more operations. */
export function overTime(data: ChartData, { scenario, shown, colours, narrow }: Scene): Drawing {
  const rows = (data.overTime[scenario] ?? []).filter((row) => shown.has(row.backend))
  const name = (row: OverTimeRow): string => data.backends[row.backend]!.name
  const slices = rows.flatMap((row, index) => slicesOf(row, index, name(row)))
  const grid = facets(
    rows.map((row, index) => {
      const own = slices.filter((slice) => slice.row === index)
      return { name: name(row), aside: sharesText(own), ...extentOf(own) }
    }),
    colours,
    STRIP_PX,
  )
  const columns = Math.max(1, ...rows.map(({ repetitions }) => repetitions.length))
  const every = Math.ceil(columns / (narrow ? 8 : 24))
  const seen = slices.filter(({ levels }) => levels.length > 0)
  const configuration: ChartConfiguration<'scatter'> = {
    type: 'scatter',
    data: {
      datasets: [
        {
          label: 'slices',
          data: seen.map((slice) => ({
            x: (slice.left + slice.right) / 2,
            y: grid.place(slice.row, middleNs(slice.firstBin + fullest(slice.levels), TIMELINE_BINS)),
          })),
          pointRadius: 0,
          pointHitRadius: 14,
          pointHoverRadius: 6,
          pointHoverBackgroundColor: 'transparent',
          pointHoverBorderColor: colours.ink,
          pointHoverBorderWidth: 2,
        },
      ],
    },
    options: {
      layout: { padding: { right: 8 } },
      scales: {
        x: {
          type: 'linear',
          min: -GAP / 2,
          max: columns - GAP / 2,
          border: { display: false },
          grid: { display: false },
          title: {
            display: true,
            text: narrow
              ? 'rounds in the order of time'
              : 'rounds in the order of time; between them nothing was measured',
            color: colours.muted,
          },
          afterBuildTicks: (axis) => {
            axis.ticks = Array.from({ length: Math.ceil(columns / every) }, (_, n) => ({
              value: n * every + (1 - GAP) / 2,
            }))
          },
          ticks: {
            autoSkip: false,
            maxRotation: 0,
            color: colours.muted,
            callback: (value) => String(Math.floor(Number(value)) + 1),
          },
        },
        y: grid.y,
      },
      plugins: { tooltip: { callbacks: { title: () => '', label: (item) => seen[item.dataIndex]!.text } } },
    },
    plugins: [
      heat(
        slices,
        rows.map(({ backend, others }) => ({
          colour: colourOf(colours, data.backends[backend]!.look),
          others: others.map((n) => n - GAP / 2),
        })),
        grid,
        colours,
      ),
      grid.plugin,
    ],
  }
  return {
    configuration,
    summary: `Latency over time, a picture a backend: ${rows
      .map(
        (row, index) =>
          `${name(row)} ${rowText(
            row,
            slices.filter((slice) => slice.row === index),
          )}`,
      )
      .join('; ')}.`,
    points: seen.map(({ text }, index) => ({ dataset: 0, index, text })),
    height: grid.height,
    isEmpty: rows.length === 0,
  }
}

function slicesOf({ firstBin, slices, marks, repetitions, sliceNs }: OverTimeRow, row: number, name: string): Slice[] {
  let at = 0
  return slices.split('|').flatMap((texts, column) => {
    const own = texts.split(' ')
    const width = (1 - GAP) / own.length
    return own.map((packed, nth) => {
      const levels = unpack(packed)
      const mark = Number(marks[at])
      at += 1
      const place =
        own.length === 1 ? '' : `, ${ordinal(nth + 1)} of ${own.length} slices of about ${duration(sliceNs)}`
      return {
        row,
        left: column + nth * width,
        right: column + (nth + 1) * width,
        firstBin,
        levels,
        mark,
        text: `${name}, round ${repetitions[column]! + 1}${place}: ${levelsText(firstBin, levels)}${markText(mark)}`,
      }
    })
  })
}

function levelsText(firstBin: number, levels: readonly number[]): string {
  const longest = edgeNs(firstBin + levels.length, TIMELINE_BINS)
  return `most operations near ${duration(middleNs(firstBin + fullest(levels), TIMELINE_BINS))}, none above ${duration(longest)}`
}

function markText(mark: number): string {
  return [
    ...((mark & MARKS.gc) === 0 ? [] : [', a slow one while garbage was collected']),
    ...((mark & MARKS.runqueue) === 0 ? [] : [', a slow one while its thread waited for a processor']),
  ].join('')
}

/** How many slices have a letter; a strip without a gap is read as nothing in particular. */
function sharesText(slices: readonly Slice[]): string {
  return Object.entries(MARKS)
    .flatMap(([cause, bit]) => {
      const marked = slices.filter(({ mark }) => (mark & bit) !== 0).length
      return marked === 0
        ? []
        : [`${LETTERS[cause as keyof typeof MARKS]} in ${count(marked)} of ${count(slices.length)}`]
    })
    .join(', ')
}

function rowText({ repetitions }: OverTimeRow, own: readonly Slice[]): string {
  const { lowNs, highNs } = extentOf(own)
  const shares = sharesText(own)
  return `${plural(repetitions.length, 'round')}, between ${duration(lowNs)} and ${duration(highNs)}${shares === '' ? '' : ` (slices with ${shares})`}`
}

const fullest = (levels: readonly number[]): number => levels.indexOf(Math.max(...levels))

/** A ruler holds at least so many bins. */
const FEWEST_BINS = 6

/** Edges of the lowest and of the highest bin that holds something, and room around them where they are near. */
function extentOf(slices: readonly Slice[]): { lowNs: number; highNs: number } {
  const seen = slices.filter(({ levels }) => levels.length > 0)
  const lows = seen.map(({ firstBin, levels }) => firstBin + levels.findIndex((level) => level > 0))
  const highs = seen.map(({ firstBin, levels }) => firstBin + levels.length)
  const [low, high] = [Math.min(...lows), Math.max(...highs)]
  const room = Math.max(0, Math.ceil((FEWEST_BINS - (high - low)) / 2))
  return { lowNs: edgeNs(low - room, TIMELINE_BINS), highNs: edgeNs(high + room, TIMELINE_BINS) }
}
