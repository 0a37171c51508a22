import type { Chart, ChartConfiguration, Plugin } from 'chart.js'
import { change } from '../format.ts'
import type { Colours } from './colours.ts'
import { colourOf } from './colours.ts'
import type { ChartData } from './data.ts'
import type { Drawing, Scene } from './drawing.ts'
import { lineStyle } from './line-style.ts'
import type { TrendSeries } from './trend-data.ts'

const HEIGHT_PX = 340
/** The axis shows at least so much either way, so that noise does not look like a cliff. */
const LEAST = 0.05

/** Each backend over the stored runs: up is slower. Bars are 95 % intervals, triangles change points. */
export function trend(data: ChartData, { scenario, shown, colours, narrow }: Scene): Drawing {
  const runs = data.trend?.runs ?? []
  const lines = (data.trend?.series[scenario] ?? []).filter(({ backend }) => shown.has(backend))
  const name = ({ backend }: TrendSeries): string => data.backends[backend]!.name
  const seen = lines.flatMap(({ points }) => points.map(([, value]) => Math.abs(value)))
  const most = Math.max(LEAST, ...seen) * 1.15
  const text = (line: TrendSeries, n: number): string => {
    const [run, value, low, high] = line.points[n]!
    const interval = low === null || high === null ? '' : ` (${change(low)} to ${change(high)})`
    const turned = line.changes.includes(run) ? ', a change point' : ''
    return `${name(line)}, run ${runs[run]!.label}: ${change(value)}${interval}${turned}`
  }
  const configuration: ChartConfiguration<'line', { x: number; y: number }[]> = {
    type: 'line',
    data: {
      datasets: lines.map(({ backend, points }) => ({
        data: points.map(([run, value]) => ({ x: run, y: value })),
        ...lineStyle(data.backends[backend]!.look, colours),
      })),
    },
    options: {
      scales: {
        x: {
          type: 'linear',
          min: -0.3,
          max: Math.max(1, runs.length - 1) + 0.3,
          border: { display: false },
          grid: { display: false },
          title: { display: true, text: 'stored runs, oldest first', color: colours.muted },
          afterBuildTicks: (axis) => {
            const step = Math.ceil(runs.length / (narrow ? 4 : 10))
            axis.ticks = runs
              .map((_, value) => ({ value }))
              .filter(({ value }) => (runs.length - 1 - value) % step === 0)
          },
          ticks: {
            autoSkip: false,
            maxRotation: 0,
            color: colours.muted,
            callback: (value) => runs[Number(value)]?.label ?? '',
          },
        },
        y: {
          type: 'linear',
          min: -most,
          max: most,
          border: { display: false },
          grid: {
            drawTicks: false,
            color: (context) => (context.tick?.value === 0 ? colours.muted : colours.gridFine),
          },
          title: { display: true, text: 'change: up is slower', color: colours.muted },
          ticks: { color: colours.muted, maxTicksLimit: 7, callback: (value) => change(Number(value)) },
        },
      },
      plugins: {
        tooltip: {
          callbacks: { title: () => '', label: (item) => text(lines[item.datasetIndex]!, item.dataIndex) },
        },
      },
    },
    plugins: [
      marks(
        lines,
        lines.map(({ backend }) => colourOf(colours, data.backends[backend]!.look)),
        colours,
      ),
    ],
  }
  return {
    configuration: configuration,
    summary: `Change over ${runs.length} stored runs${data.trend?.reference == null ? '' : `, held against ${data.trend.reference}`}: ${lines.map((line) => `${text(line, line.points.length - 1)}${line.changes.length === 0 ? ', no change point' : ''}`).join('; ')}.`,
    points: lines.flatMap((line, dataset) =>
      line.points.map((_, index) => ({ dataset, index, text: text(line, index) })),
    ),
    height: HEIGHT_PX,
    isEmpty: lines.length === 0,
  }
}

/** Intervals as bars, and a triangle at the foot where a new stretch begins. */
function marks(lines: readonly TrendSeries[], lineColours: readonly string[], colours: Colours): Plugin<'line'> {
  return {
    id: 'trend',
    beforeDatasetsDraw(chart: Chart<'line'>) {
      const { ctx, chartArea } = chart
      const x = (run: number): number => chart.scales['x']!.getPixelForValue(run)
      const y = (value: number): number =>
        Math.max(chartArea.top, Math.min(chartArea.bottom, chart.scales['y']!.getPixelForValue(value)))
      ctx.save()
      for (const [index, { points, changes }] of lines.entries()) {
        ctx.strokeStyle = ctx.fillStyle = lineColours[index]!
        ctx.lineWidth = 1.2
        for (const [run, , low, high] of points) {
          if (low === null || high === null) continue
          ctx.beginPath()
          ctx.moveTo(x(run), y(low))
          ctx.lineTo(x(run), y(high))
          ctx.stroke()
        }
        for (const run of changes) {
          const middle = x(run) - 0.5 * (x(1) - x(0))
          ctx.setLineDash([3, 4])
          ctx.beginPath()
          ctx.moveTo(middle, chartArea.top)
          ctx.lineTo(middle, chartArea.bottom - 10)
          ctx.stroke()
          ctx.setLineDash([])
          ctx.beginPath()
          ctx.moveTo(middle, chartArea.bottom - 11)
          ctx.lineTo(middle + 6, chartArea.bottom)
          ctx.lineTo(middle - 6, chartArea.bottom)
          ctx.closePath()
          ctx.fill()
          ctx.strokeStyle = colours.card
          ctx.stroke()
          ctx.strokeStyle = lineColours[index]!
        }
      }
      ctx.restore()
    },
  }
}
