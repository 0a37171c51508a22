import type { ChartConfiguration } from 'chart.js'
import { duration, durationInterval, quantileName } from '../format.ts'
import type { ChartData, LadderRow } from './data.ts'
import { decadesAround, durationAxis } from './axis.ts'
import { ORIGIN_WORDS, isFitted, ladderAt } from './at-distance.ts'
import { colourOf } from './colours.ts'
import type { Drawing, Scene } from './drawing.ts'
import { marks } from './ladder-marks.ts'
import { rowAxis, rowMarkers, rowsHeight } from './rows.ts'

/** One row a backend on a common logarithmic ruler. */
export function ladder(data: ChartData, { scenario, shown, colours, narrow, rttNs = 0 }: Scene): Drawing {
  const rows = ladderAt(data, scenario, rttNs).filter((row) => shown.has(row.backend))
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
          ...rowMarkers(
            looks,
            rows.map(({ origin }) => isFitted(origin)),
            colours,
          ),
        },
      ],
    },
    options: {
      layout: { padding: { top: 4, right: 8 } },
      scales: {
        x: durationAxis(colours, range, 'time per operation, logarithmic'),
        y: rowAxis(rows.map(name), colours, narrow),
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
    height: rowsHeight(rows.length),
    isEmpty: rows.length === 0,
  }
}

function figures(row: LadderRow): string[] {
  if (isFitted(row.origin)) {
    const interval = row.p5Ns === null || row.last === null ? [] : [durationInterval(row.p5Ns, row.last.ns)]
    return [`p50 ${duration(row.p50Ns)} ${ORIGIN_WORDS[row.origin!]}`, ...interval]
  }
  return [
    `p50 ${duration(row.p50Ns)}`,
    ...(row.p25Ns === null || row.p75Ns === null
      ? []
      : [`p25 to p75 ${duration(row.p25Ns)} to ${duration(row.p75Ns)}`]),
    row.p99Ns === null ? 'p99: too few operations' : `p99 ${duration(row.p99Ns)}`,
    ...(row.last === null || row.last.p === 0.99 ? [] : [`${quantileName(row.last.p)} ${duration(row.last.ns)}`]),
  ]
}
