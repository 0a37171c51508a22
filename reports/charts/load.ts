import type { ChartConfiguration } from 'chart.js'
import { duration, percent, quantileName, rate, rateTick } from '../format.ts'
import { decadesAround, durationAxis, logAxis } from './axis.ts'
import { colourOf, pointOf } from './colours.ts'
import type { ChartData } from './data.ts'
import type { Drawing, Scene } from './drawing.ts'
import { lineStyle } from './line-style.ts'
import type { LoadMark } from './load-data.ts'
import { loadLabels } from './load-labels.ts'

const HEIGHT_PX = 400

/** What waiting does to response time as more is asked for. */
export function load(data: ChartData, { scenario, shown, colours, narrow }: Scene): Drawing {
  const { p, curves: all } = data.load[scenario] ?? { p: null, curves: [] }
  const curves = all.filter(({ backend, points }) => shown.has(backend) && points.length > 0)
  const marks = curves.flatMap(({ points }) => points)
  const quantity = p === null ? '' : `${quantileName(p)} of response time`
  const name = (index: number): string => data.backends[curves[index]!.backend]!.name
  const configuration: ChartConfiguration<'line', { x: number; y: number }[]> = {
    type: 'line',
    data: {
      datasets: curves.map(({ backend, points }) => {
        const { look } = data.backends[backend]!
        const colour = colourOf(colours, look)
        const filled = look.hollow ? colours.card : colour
        return {
          data: points.map(({ achievedPerSecond, ns }) => ({ x: achievedPerSecond, y: ns })),
          ...lineStyle(look, colours),
          pointStyle: points.map(({ saturated }) => (saturated ? 'crossRot' : pointOf(look).pointStyle)) as never,
          pointRadius: points.map(({ saturated }) => (saturated ? 6 : 4.5)),
          pointBorderWidth: points.map(({ saturated }) => (saturated ? 2.6 : 1.6)),
          pointBackgroundColor: points.map(({ contended }) => (contended ? colours.card : filled)),
        }
      }),
    },
    options: {
      layout: { padding: { top: 22, right: 14 } },
      scales: {
        x: logAxis(
          colours,
          decadesAround(marks.map(({ achievedPerSecond }) => achievedPerSecond)),
          'achieved operations a second, logarithmic',
          rateTick,
        ),
        y: durationAxis(colours, decadesAround(marks.map(({ ns }) => ns)), narrow ? '' : `${quantity}, logarithmic`),
      },
      plugins: {
        tooltip: {
          callbacks: {
            title: () => '',
            label: (item) =>
              `${name(item.datasetIndex)}, ${markText(curves[item.datasetIndex]!.points[item.dataIndex]!, quantity)}`,
          },
        },
      },
    },
    plugins: [
      loadLabels(
        curves.map(({ points }) => points.map((mark) => ({ text: labelOf(mark), isKnee: mark.knee !== undefined }))),
        colours,
      ),
    ],
  }
  return {
    configuration,
    summary: `${quantity} by achieved rate: ${curves.map(({ points }, index) => `${name(index)} ${[points[0]!, points.at(-1)!].map((mark) => markText(mark, '')).join(', and ')}`).join('; ')}.`,
    points: curves.flatMap(({ points }, dataset) =>
      points.map((mark, index) => ({ dataset, index, text: `${name(dataset)}, ${markText(mark, quantity)}` })),
    ),
    height: HEIGHT_PX,
    isEmpty: curves.length === 0,
  }
}

/** What stands beside a point: in brackets where the figure holds other work of the machine. */
function labelOf({ share, offeredPerSecond, contended, atLeast, knee }: LoadMark): string {
  const asked = share === null ? rateTick(offeredPerSecond) : percent(share)
  return `${atLeast ? '≥ ' : ''}${contended ? `(${asked})` : asked}${knee === undefined ? '' : knee === null ? ' knee' : ` knee by ${quantileName(knee)}`}`
}

function markText(mark: LoadMark, quantity: string): string {
  const { share, offeredPerSecond, achievedPerSecond, ns, atLeast, saturated, contended, knee } = mark
  const asked = share === null ? rate(offeredPerSecond) : `${percent(share)} of one caller's rate`
  return [
    `at ${asked}: ${quantity} ${atLeast ? 'at least ' : ''}${duration(ns)}`.replace(':  ', ': '),
    `${rate(achievedPerSecond)} achieved`,
    ...(saturated ? ['not sustained'] : []),
    ...(contended ? ['contended'] : []),
    ...(knee === undefined ? [] : [knee === null ? 'the knee' : `the knee, judged by ${quantileName(knee)}`]),
  ].join(', ')
}
