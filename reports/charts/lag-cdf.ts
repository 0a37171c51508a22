/// <reference lib="dom" />
import type { ChartConfiguration, ChartDataset, Plugin } from 'chart.js'
import { duration, percent } from '../format.ts'
import { decadesAround, durationAxis } from './axis.ts'
import type { Colours } from './colours.ts'
import { colourOf, faint } from './colours.ts'
import type { ChartData } from './data.ts'
import type { Drawing, Scene } from './drawing.ts'
import type { LagRow } from './lag-data.ts'
import { endsOf } from './lag-data.ts'
import type { Share } from './lag-share.ts'
import { lineStyle } from './line-style.ts'
import { fontOf } from './font.ts'
import { write } from './write.ts'

const PANEL_PX = 190
const MARGIN_PX = 60
/** Parts of a panel: its name above, a gap below. */
const TOP = 0.16
const BOTTOM = 0.94
const SHARES = [0, 0.5, 1] as const

type Points = { x: number; y: number }[]

/** Share of writes that can be read, by time: an envelope of both ends a backend, at rest and under load. */
export function lagCdf(data: ChartData, { shown, colours }: Scene): Drawing {
  const rows = data.lag
    .filter(({ backend }) => shown.has(backend))
    .map((row) => ({ ...row, ends: row.traces.flatMap(endsOf) }))
    .filter(({ shares }) => shares.length > 0)
  const panels = [false, true].filter((isLoaded) => rows.some((row) => row.isLoaded === isLoaded))
  const range = decadesAround(rows.flatMap(({ shares }) => shares.map(({ tNs }) => tNs)))
  const place = ({ isLoaded }: LagRow, share: number): number =>
    panels.indexOf(isLoaded) + BOTTOM - share * (BOTTOM - TOP)
  const name = (row: LagRow): string => `${data.backends[row.backend]!.name}, ${row.meanwhile}`
  const text = (row: number, point: number): string => {
    const { tNs, low, high } = rows[row]!.shares[point]!
    return `${name(rows[row]!)}, ${duration(tNs)} after the acknowledgement: ${percent(low)} to ${percent(high)} of writes can be read`
  }
  const configuration: ChartConfiguration<'line', Points> = {
    type: 'line',
    data: {
      datasets: rows.flatMap((row) => {
        const { look } = data.backends[row.backend]!
        const line = { ...lineStyle(look, colours), pointRadius: 0, pointHitRadius: 0, borderWidth: 1.6 }
        const steps = (values: readonly number[]): Points =>
          stepsOf(values, row.ends.length, range).map(({ x, y }) => ({ x, y: place(row, y) }))
        return [
          {
            ...line,
            data: steps(row.ends.flatMap(({ lowerNs, upperNs }) => (upperNs === null ? [] : (lowerNs ?? 0)))),
          },
          {
            ...line,
            data: steps(row.ends.flatMap(({ upperNs }) => upperNs ?? [])),
            fill: '-1',
            backgroundColor: faint(colourOf(colours, look), 0.25),
          },
          {
            ...lineStyle(look, colours),
            showLine: false,
            pointRadius: 3.5,
            data: row.shares.map(({ tNs, low }) => ({ x: tNs, y: place(row, low) })),
          },
        ]
      }) as ChartDataset<'line', Points>[],
    },
    options: {
      layout: { padding: { right: 10 } },
      scales: {
        x: durationAxis(colours, range, 'time since the acknowledgement of the write, logarithmic'),
        y: {
          type: 'linear',
          min: 0,
          max: Math.max(1, panels.length),
          reverse: true,
          border: { display: false },
          grid: { color: colours.grid, drawTicks: false },
          afterBuildTicks: (axis) => {
            axis.ticks = panels.flatMap((_, panel) =>
              SHARES.map((share) => ({ value: panel + BOTTOM - share * (BOTTOM - TOP) })),
            )
          },
          ticks: {
            autoSkip: false,
            color: colours.muted,
            callback: (_, index) => percent(SHARES[index % SHARES.length]!),
          },
        },
      },
      plugins: {
        tooltip: {
          callbacks: { title: () => '', label: (item) => text(Math.floor(item.datasetIndex / 3), item.dataIndex) },
        },
      },
    },
    plugins: [
      panelNames(
        panels.map((isLoaded) => (isLoaded ? 'under a load of writes' : 'at rest')),
        colours,
      ),
    ],
  }
  return {
    configuration,
    summary: `Share of writes that can be read, by time since their acknowledgement: ${rows.map((row) => `${name(row)}: ${summaryOf(row.shares)}`).join('; ')}.`,
    points: rows.flatMap(({ shares }, row) =>
      shares.map((_, index) => ({ dataset: 3 * row + 2, index, text: text(row, index) })),
    ),
    height: MARGIN_PX + PANEL_PX * Math.max(1, panels.length),
    isEmpty: rows.length === 0,
  }
}

/** Steps upwards at each value; what has no place on a logarithmic axis stands at its left end. Without steps for those that are missing. */
function stepsOf(values: readonly number[], total: number, range: { min: number; max: number }): Points {
  const ascending = values.toSorted((a, b) => a - b).map((ns) => Math.max(ns, range.min))
  const share = (n: number): number => n / total
  return [
    { x: range.min, y: 0 },
    ...ascending.flatMap((x, n) => [
      { x, y: share(n) },
      { x, y: share(n + 1) },
    ]),
    { x: range.max, y: share(ascending.length) },
  ]
}

function summaryOf(points: readonly Share[]): string {
  const half = points.find(({ low }) => low >= 0.5)
  const last = points.at(-1)!
  const most = `${percent(last.low)} to ${percent(last.high)} after ${duration(last.tNs)}`
  return half === undefined || half === last
    ? most
    : `${percent(half.low)} to ${percent(half.high)} after ${duration(half.tNs)}, ${most}`
}

function panelNames(names: readonly string[], colours: Colours): Plugin<'line'> {
  return {
    id: 'panel-names',
    afterDatasetsDraw(chart) {
      const { ctx, chartArea, scales } = chart
      ctx.save()
      ctx.font = fontOf(chart, '600 12.5px')
      for (const [panel, text] of names.entries())
        write(ctx, text, chartArea.left + 2, scales['y']!.getPixelForValue(panel + TOP) - 7, colours.ink, colours.card)
      ctx.restore()
    },
  }
}
