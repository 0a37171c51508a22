import type { ChartConfiguration } from 'chart.js'
import { duration, quantileName } from '../format.ts'
import { decadesAround, durationAxis } from './axis.ts'
import type { ChartData } from './data.ts'
import type { Drawing, Scene } from './drawing.ts'
import { lineStyle } from './line-style.ts'

const HEIGHT_PX = 360

/** Latency by percentile: every step to the right is ten times rarer. */
export function tail(data: ChartData, { scenario, shown, colours }: Scene): Drawing {
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

function pointText({ p, ns }: { p: number; ns: number }): string {
  return `${quantileName(p)} ${duration(ns)}`
}

/** 0 for the fastest, 1 for p90, 2 for p99. */
function nines(p: number): number {
  return -Math.log10(1 - p)
}
