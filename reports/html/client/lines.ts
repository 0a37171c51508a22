import type { ChartConfiguration, ChartDataset } from 'chart.js'
import { duration, percent, quantileName } from '../../format.ts'
import type { ChartData, StaleBand } from '../chart-data.ts'
import type { Look } from '../looks.ts'
import { decadesAround, durationAxis } from './axis.ts'
import type { Colours } from './colours.ts'
import { colourOf, faint, pointOf } from './colours.ts'
import type { Drawing } from './drawing.ts'

const HEIGHT_PX = 360

/** Latency by percentile: every step to the right is ten times rarer. */
export function tail(data: ChartData, scenario: number, shown: ReadonlySet<number>, colours: Colours): Drawing {
  const curves = (data.tail[scenario] ?? []).filter((curve) => shown.has(curve.backend) && curve.points.length > 0)
  const all = curves.flatMap((curve) => curve.points)
  const name = (index: number): string => data.backends[curves[index]!.backend]!.name
  const configuration: ChartConfiguration<'line', { x: number; y: number }[]> = {
    type: 'line',
    data: {
      datasets: curves.map((curve) => ({
        data: curve.points.map(({ p, ns }) => ({ x: nines(p), y: ns })),
        ...lineStyle(data.backends[curve.backend]!.look, colours),
      })),
    },
    options: {
      scales: {
        x: {
          type: 'linear',
          min: 0,
          max: Math.max(2, ...all.map(({ p }) => nines(p))) + 0.05,
          border: { display: false },
          grid: { color: colours.grid, drawTicks: false },
          title: { display: true, text: 'percentile; each step is ten times rarer', color: colours.muted },
          afterBuildTicks: (axis) => {
            axis.ticks = [0.5, 0.9, 0.99, 0.999, 0.9999]
              .map((p) => ({ value: nines(p) }))
              .filter(({ value }) => value <= axis.max)
          },
          ticks: {
            autoSkip: false,
            maxRotation: 0,
            color: colours.muted,
            callback: (value) => quantileName(1 - 10 ** -Number(value)),
          },
        },
        y: durationAxis(colours, decadesAround(all.map(({ ns }) => ns)), ''),
      },
      plugins: {
        tooltip: {
          callbacks: {
            title: () => '',
            label: (item) =>
              `${name(item.datasetIndex)} ${pointText(curves[item.datasetIndex]!.points[item.dataIndex]!)}`,
          },
        },
      },
    },
  }
  return {
    configuration: configuration,
    summary: `Latency by percentile: ${curves.map(({ points }, index) => `${name(index)} ${[points[0]!, points.at(-1)!].map(pointText).join(' to ')}`).join('; ')}.`,
    points: curves.flatMap(({ points }, dataset) =>
      points.map((point, index) => ({ dataset, index, text: `${name(dataset)} ${pointText(point)}` })),
    ),
    height: HEIGHT_PX,
    isEmpty: curves.length === 0,
  }
}

/** Share of stale reads by time: a band a backend, from at least to at most. */
export function stale(data: ChartData, _scenario: number, shown: ReadonlySet<number>, colours: Colours): Drawing {
  const bands = data.stale.filter((band) => shown.has(band.backend))
  const range = decadesAround(bands.flatMap(({ points }) => points.map(({ tNs }) => tNs).filter((tNs) => tNs > 0)))
  const name = (index: number): string => data.backends[bands[index]!.backend]!.name
  // A read at once has no place on a logarithmic axis; it stands at its left end.
  const x = (tNs: number): number => Math.max(tNs, range.min)
  const configuration: ChartConfiguration<'line', { x: number; y: number }[]> = {
    type: 'line',
    data: {
      datasets: bands.flatMap(({ backend, points }) => {
        const { look } = data.backends[backend]!
        const line = { ...lineStyle(look, colours), pointRadius: 0, borderWidth: 1.6 }
        return [
          { ...line, data: points.map(({ tNs, low }) => ({ x: x(tNs), y: low })) },
          {
            ...line,
            data: points.map(({ tNs, high }) => ({ x: x(tNs), y: high })),
            fill: '-1',
            backgroundColor: faint(colourOf(colours, look), 0.25),
          },
        ]
      }) as ChartDataset<'line', { x: number; y: number }[]>[],
    },
    options: {
      scales: {
        x: durationAxis(colours, range, 'time since the acknowledgement of the write, logarithmic'),
        y: {
          type: 'linear',
          min: 0,
          max: 1,
          border: { display: false },
          grid: { color: colours.gridFine, drawTicks: false },
          ticks: { color: colours.muted, maxTicksLimit: 6, callback: (value) => percent(Number(value)) },
        },
      },
      plugins: {
        tooltip: {
          callbacks: {
            title: () => '',
            label: (item) => {
              const band = Math.floor(item.datasetIndex / 2)
              return `${name(band)}, ${staleText(bands[band]!.points[item.dataIndex]!)}`
            },
          },
        },
      },
    },
  }
  return {
    configuration: configuration,
    summary: `Share of stale reads by time: ${bands.map(({ points }, index) => `${name(index)} ${[points[0]!, points.at(-1)!].map(staleText).join(', ')}`).join('; ')}.`,
    points: bands.flatMap(({ points }, band) =>
      points.map((point, index) => ({ dataset: 2 * band, index, text: `${name(band)}, ${staleText(point)}` })),
    ),
    height: 300,
    isEmpty: bands.length === 0,
  }
}

function lineStyle(look: Look, colours: Colours): object {
  const colour = colourOf(colours, look)
  const { pointStyle, rotation } = pointOf(look)
  return {
    borderColor: colour,
    borderDash: look.dash,
    borderWidth: 2.2,
    pointStyle,
    pointRotation: rotation,
    pointRadius: 4,
    pointHoverRadius: 7,
    pointBackgroundColor: look.hollow ? colours.card : colour,
    pointBorderColor: colour,
    tension: 0,
  }
}

function pointText({ p, ns }: { p: number; ns: number }): string {
  return `${quantileName(p)} ${duration(ns)}`
}

function staleText({ tNs, low, high }: StaleBand['points'][number]): string {
  return `${duration(tNs)} after: ${percent(low)} to ${percent(high)} stale`
}

/** 0 for the fastest, 1 for p90, 2 for p99. */
function nines(p: number): number {
  return -Math.log10(1 - p)
}
