/// <reference lib="dom" />
import type { ChartConfiguration, Plugin } from 'chart.js'
import { duration, plural } from '../format.ts'
import { decadesAround, durationAxis } from './axis.ts'
import { edgeNs, LEVELS, unpack } from './levels.ts'
import { colourOf, faint, pointOf } from './colours.ts'
import type { ChartData } from './data.ts'
import type { DistributionRow } from './distribution-data.ts'
import { DISTRIBUTION_BINS, peaksText } from './distribution-data.ts'
import type { Drawing, Scene } from './drawing.ts'
import { fontOf } from './font.ts'
import { write } from './write.ts'

const ROW_PX = 62
const MARGIN_PX = 62
/** Height of the highest bin. */
const HILL_PX = 42

/** Shape of the latencies: a row of hills a backend on a common logarithmic ruler. */
export function distribution(data: ChartData, { scenario, shown, colours, narrow }: Scene): Drawing {
  const rows = (data.distribution[scenario] ?? []).filter((row) => shown.has(row.backend))
  const ends = rows.flatMap(({ firstBin, heights }) => [
    edgeNs(firstBin, DISTRIBUTION_BINS),
    edgeNs(firstBin + unpack(heights).length, DISTRIBUTION_BINS),
  ])
  const name = (row: DistributionRow): string => data.backends[row.backend]!.name
  const peaks = rows.flatMap((row, y) => row.peaksNs.map((ns, nth) => ({ row, y, ns, nth })))
  const look = (row: DistributionRow) => data.backends[row.backend]!.look
  const text = ({ row, ns, nth }: (typeof peaks)[number]): string =>
    `${name(row)}: peak near ${duration(ns)}${row.peaksNs.length > 1 ? `, ${nth + 1} of ${row.peaksNs.length}` : ''}`
  const configuration: ChartConfiguration<'scatter'> = {
    type: 'scatter',
    data: {
      datasets: [
        {
          label: 'peaks',
          data: peaks.map(({ ns, y }) => ({ x: ns, y })),
          pointStyle: peaks.map(({ row }) => pointOf(look(row)).pointStyle) as never,
          pointRotation: peaks.map(({ row }) => pointOf(look(row)).rotation),
          pointRadius: 4.5,
          pointHoverRadius: 7,
          pointBackgroundColor: peaks.map(({ row }) =>
            look(row).hollow ? colours.card : colourOf(colours, look(row)),
          ),
          pointBorderColor: peaks.map(({ row }) => colourOf(colours, look(row))),
          pointBorderWidth: 1.5,
        },
      ],
    },
    options: {
      layout: { padding: { top: 4, right: 8 } },
      scales: {
        x: durationAxis(colours, decadesAround(ends), 'time per operation, logarithmic'),
        y: {
          type: 'linear',
          min: -0.95,
          max: rows.length - 0.75,
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
      plugins: { tooltip: { callbacks: { title: () => '', label: (item) => text(peaks[item.dataIndex]!) } } },
    },
    plugins: [
      hills(
        rows,
        rows.map((row) => colourOf(colours, look(row))),
        narrow ? { names: rows.map(name), ink: colours.ink, rim: colours.card } : null,
      ),
    ],
  }
  return {
    configuration,
    summary: `How latencies are distributed, a row of hills a backend: ${rows.map((row) => `${name(row)} ${summaryOf(row)}`).join('; ')}.`,
    points: peaks.map((peak, index) => ({ dataset: 0, index, text: text(peak) })),
    height: MARGIN_PX + ROW_PX * Math.max(1, rows.length),
    isEmpty: rows.length === 0,
  }
}

function summaryOf(row: DistributionRow): string {
  return row.peaksNs.length === 0
    ? 'too few operations for a peak'
    : `${plural(row.peaksNs.length, 'peak')} near ${peaksText(row)}`
}

/** Bins above the line of their row; what is not empty is a pixel high at least. */
function hills(
  rows: readonly DistributionRow[],
  rowColours: readonly string[],
  inside: { readonly names: readonly string[]; readonly ink: string; readonly rim: string } | null,
): Plugin<'scatter'> {
  return {
    id: 'hills',
    beforeDatasetsDraw(chart) {
      const { ctx, chartArea, scales } = chart
      const x = (bin: number): number => scales['x']!.getPixelForValue(edgeNs(bin, DISTRIBUTION_BINS))
      ctx.save()
      for (const [index, { firstBin, heights }] of rows.entries()) {
        const ground = scales['y']!.getPixelForValue(index)
        ctx.fillStyle = faint(rowColours[index]!, 0.45)
        ctx.strokeStyle = rowColours[index]!
        ctx.lineWidth = 1.4
        ctx.beginPath()
        ctx.moveTo(chartArea.left, ground)
        ctx.lineTo(x(firstBin), ground)
        const levels = unpack(heights)
        for (const [n, level] of levels.entries()) {
          const top = ground - (level === 0 ? 0 : Math.max(1.5, (level / LEVELS) * HILL_PX))
          ctx.lineTo(x(firstBin + n), top)
          ctx.lineTo(x(firstBin + n + 1), top)
        }
        ctx.lineTo(x(firstBin + levels.length), ground)
        ctx.lineTo(chartArea.right, ground)
        ctx.fill()
        ctx.stroke()
      }
      if (inside !== null) {
        ctx.font = fontOf(chart, '600 12.5px')
        for (const [index, text] of inside.names.entries()) {
          const ground = scales['y']!.getPixelForValue(index)
          write(ctx, text, chartArea.left + 2, ground - HILL_PX - 4, inside.ink, inside.rim)
        }
      }
      ctx.restore()
    },
  }
}
