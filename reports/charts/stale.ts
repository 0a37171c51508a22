import type { ChartConfiguration, ChartDataset } from 'chart.js'
import { duration, percent } from '../format.ts'
import { decadesAround, durationAxis } from './axis.ts'
import { colourOf, faint } from './colours.ts'
import type { ChartData, StaleBand } from './data.ts'
import type { Drawing, Scene } from './drawing.ts'
import { lineStyle } from './line-style.ts'

/** Share of stale reads by time: a band a backend, from at least to at most. */
export function stale(data: ChartData, { shown, colours }: Scene): Drawing {
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

function staleText({ tNs, low, high }: StaleBand['points'][number]): string {
  return `${duration(tNs)} after: ${percent(low)} to ${percent(high)} stale`
}
