import type { ChartConfiguration } from 'chart.js'
import { duration, quantileName } from '../format.ts'
import type { ChartData, LadderRow } from './data.ts'
import { decadesAround, durationAxis } from './axis.ts'
import { colourOf, pointOf } from './colours.ts'
import type { Drawing, Scene } from './drawing.ts'
import { marks } from './ladder-marks.ts'

const ROW_PX = 54
const MARGIN_PX = 70

/** One row a backend on a common logarithmic ruler. */
export function ladder(data: ChartData, { scenario, shown, colours, narrow }: Scene): Drawing {
  const rows = (data.ladder[scenario] ?? []).filter((row) => shown.has(row.backend))
  const zeroNs = data.zero[scenario] ?? null
  const extent = rows.flatMap((row) => [
    row.p50Ns,
    row.p5Ns ?? row.p50Ns,
    row.p99Ns ?? row.p50Ns,
    row.last?.ns ?? row.p50Ns,
  ])
  const range = decadesAround(zeroNs === null || rows.length === 0 ? extent : [...extent, zeroNs])
  const name = (row: LadderRow): string => data.backends[row.backend]!.name
  const looks = rows.map((row) => data.backends[row.backend]!.look)
  const configuration: ChartConfiguration<'scatter'> = {
    type: 'scatter',
    data: {
      datasets: [
        {
          label: 'p50',
          data: rows.map((row, index) => ({ x: row.p50Ns, y: index })),
          pointStyle: looks.map((look) => pointOf(look).pointStyle) as never,
          pointRotation: looks.map((look) => pointOf(look).rotation),
          pointRadius: 6,
          pointHoverRadius: 8,
          pointBackgroundColor: looks.map((look) => (look.hollow ? colours.card : colourOf(colours, look))),
          pointBorderColor: looks.map((look) =>
            look.hollow || look.point === 'star' ? colourOf(colours, look) : colours.card,
          ),
          pointBorderWidth: looks.map((look) => (look.point === 'star' ? 2.4 : 1.5)),
        },
      ],
    },
    options: {
      layout: { padding: { top: 4, right: 8 } },
      scales: {
        x: durationAxis(colours, range, 'time per operation, logarithmic'),
        y: {
          type: 'linear',
          min: -0.7,
          max: rows.length - 0.4,
          reverse: true,
          border: { display: false },
          grid: { display: false },
          afterBuildTicks: (axis) => {
            axis.ticks = rows.map((_, index) => ({ value: index }))
          },
          ticks: {
            display: !narrow,
            autoSkip: false,
            color: colours.ink,
            font: { size: 13, weight: 600 },
            callback: (value) => (rows[Number(value)] === undefined ? '' : name(rows[Number(value)]!)),
          },
        },
      },
      plugins: {
        tooltip: {
          callbacks: {
            title: (items) => items.map((item) => name(rows[item.dataIndex]!)).join(', '),
            label: (item) => figures(rows[item.dataIndex]!),
          },
        },
      },
    },
    plugins: [
      marks(
        rows,
        looks.map((look) => colourOf(colours, look)),
        rows.map(name),
        zeroNs,
        colours,
        narrow,
      ),
    ],
  }
  const summary = rows.map((row) => `${name(row)} ${figures(row).join(', ')}`).join('; ')
  return {
    configuration: configuration,
    summary: `Range of latency a backend on a logarithmic axis, fastest first: ${summary}.${zeroNs === null ? '' : ` The harness alone: ${duration(zeroNs)}.`}`,
    points: rows.map((row, index) => ({ dataset: 0, index, text: `${name(row)}: ${figures(row).join(', ')}` })),
    height: MARGIN_PX + ROW_PX * Math.max(1, rows.length),
    isEmpty: rows.length === 0,
  }
}

function figures(row: LadderRow): string[] {
  return [
    `p50 ${duration(row.p50Ns)}`,
    ...(row.p25Ns === null || row.p75Ns === null
      ? []
      : [`p25 to p75 ${duration(row.p25Ns)} to ${duration(row.p75Ns)}`]),
    row.p99Ns === null ? 'p99: too few operations' : `p99 ${duration(row.p99Ns)}`,
    ...(row.last === null || row.last.p === 0.99 ? [] : [`${quantileName(row.last.p)} ${duration(row.last.ns)}`]),
  ]
}
