import type { ChartConfiguration } from 'chart.js'
import { count, duration, quantileName } from '../format.ts'
import { decadesAround, durationAxis } from './axis.ts'
import type { ChartData } from './data.ts'
import type { Drawing, Scene } from './drawing.ts'
import { lineStyle } from './line-style.ts'
import type { Curve } from './tail-data.ts'

const HEIGHT_PX = 360
const DOTS = [1.5, 3.5]

/** Latency by percentile: every step to the right is ten times rarer. Dotted where percentiles may no longer be said. */
export function tail(data: ChartData, { scenario, shown, colours }: Scene): Drawing {
  const curves = (data.tail[scenario] ?? []).filter((curve) => shown.has(curve.backend) && curve.points.length > 0)
  const name = (index: number): string => data.backends[curves[index]!.backend]!.name
  const drawn = curves.map(stepsOf)
  const all = drawn.flat()
  const configuration: ChartConfiguration<'line', { x: number; y: number }[]> = {
    type: 'line',
    data: {
      datasets: curves.map((curve, index) => ({
        data: drawn[index]!.map(({ x, ns }) => ({ x, y: ns })),
        ...lineStyle(data.backends[curve.backend]!.look, colours),
        pointRadius: drawn[index]!.map(({ isSaid }) => (isSaid ? 4 : 1.5)),
        segment: {
          borderDash: ({ p1DataIndex }: { p1DataIndex: number }) =>
            p1DataIndex < curve.points.length ? undefined : DOTS,
        },
      })),
    },
    options: {
      scales: {
        x: {
          type: 'linear',
          min: 0,
          max: Math.max(2, ...all.map(({ x }) => x)) + 0.05,
          border: { display: false },
          grid: { color: colours.grid, drawTicks: false },
          title: { display: true, text: 'percentile; each step is ten times rarer', color: colours.muted },
          afterBuildTicks: (axis) => {
            axis.ticks = [0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999]
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
            label: (item) => `${name(item.datasetIndex)} ${drawn[item.datasetIndex]![item.dataIndex]!.text}`,
          },
        },
      },
    },
  }
  return {
    configuration: configuration,
    summary: `Latency by percentile: ${drawn.map((steps, index) => `${name(index)} ${summaryOf(steps)}`).join('; ')}.`,
    points: drawn.flatMap((steps, dataset) =>
      steps.map(({ text }, index) => ({ dataset, index, text: `${name(dataset)} ${text}` })),
    ),
    height: HEIGHT_PX,
    isEmpty: curves.length === 0,
  }
}

interface Step {
  readonly x: number
  readonly ns: number
  readonly isSaid: boolean
  readonly text: string
}

/** Percentiles, and beyond them how many operations took longer: too few to call it a percentile. */
function stepsOf({ points, beyond, operations }: Curve): Step[] {
  return [
    ...points.map(([p, ns]) => ({ x: nines(p), ns, isSaid: true, text: `${quantileName(p)} ${duration(ns)}` })),
    ...beyond.map(([longer, ns]) => ({
      x: Math.log10(operations / longer),
      ns,
      isSaid: false,
      text:
        longer === 1
          ? `longest of ${count(operations)} operations ${duration(ns)}`
          : `${count(longer)} of ${count(operations)} operations took about ${duration(ns)} or longer`,
    })),
  ]
}

function summaryOf(steps: readonly Step[]): string {
  const said = steps.filter(({ isSaid }) => isSaid)
  const longest = steps.findLast(({ isSaid }) => !isSaid)
  const ends = [said[0]!, said.at(-1)!].map(({ text }) => text).join(' to ')
  return longest === undefined ? ends : `${ends}, ${longest.text}`
}

/** 0 for the fastest, 1 for p90, 2 for p99. */
function nines(p: number): number {
  return -Math.log10(1 - p)
}
