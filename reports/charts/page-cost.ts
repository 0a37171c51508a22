import type { ChartConfiguration } from 'chart.js'
import { count, duration, durationInterval } from '../format.ts'
import type { MovedMean } from './at-distance.ts'
import { ORIGIN_WORDS, isFitted, meansAt } from './at-distance.ts'
import { decadesAround, durationAxis } from './axis.ts'
import { colourOf } from './colours.ts'
import type { ChartData } from './data.ts'
import type { Drawing, Scene } from './drawing.ts'
import { BUDGET_NS, FIRST_QUERIES, fitting } from './page-budget.ts'
import { pageMarks } from './page-marks.ts'
import { rowAxis, rowMarkers, rowsHeight } from './rows.ts'

/** What a page of n operations, one after another, takes on average. */
export function pageCost(data: ChartData, scene: Scene): Drawing {
  const { scenario, shown, colours, narrow, rttNs = 0, queries = FIRST_QUERIES } = scene
  const rows = meansAt(data, scenario, rttNs)
    .filter(({ backend }) => shown.has(backend))
    .map((row) => times(row, queries))
  const range = decadesAround([
    ...rows.flatMap(({ meanNs, lowNs, highNs }) => [meanNs, lowNs ?? meanNs, highNs ?? meanNs]),
    BUDGET_NS,
  ])
  const name = ({ backend }: MovedMean): string => data.backends[backend]!.name
  const looks = rows.map(({ backend }) => data.backends[backend]!.look)
  const words = (row: MovedMean): string => figures(row, queries)
  const configuration: ChartConfiguration<'scatter'> = {
    type: 'scatter',
    data: {
      datasets: [
        {
          label: 'mean',
          data: rows.map(({ meanNs }, index) => ({ x: meanNs, y: index })),
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
        x: durationAxis(colours, range, `time of ${count(queries)} in a row, logarithmic`),
        y: rowAxis(rows.map(name), colours, narrow),
      },
      plugins: {
        tooltip: {
          callbacks: {
            title: (items) => items.map((item) => name(rows[item.dataIndex]!)).join(', '),
            label: (item) => words(rows[item.dataIndex]!),
          },
        },
      },
    },
    plugins: [
      pageMarks(
        rows.map((row, index) => ({
          ...row,
          name: name(row),
          colour: colourOf(colours, looks[index]!),
          fits: fitting(row.meanNs / queries),
        })),
        colours,
        narrow,
      ),
    ],
  }
  return {
    configuration,
    summary: `Time of ${count(queries)} in a row on a logarithmic axis, fastest first: ${rows.map((row) => `${name(row)} ${words(row)}`).join('; ')}.`,
    points: rows.map((row, index) => ({ dataset: 0, index, text: `${name(row)}: ${words(row)}` })),
    height: rowsHeight(rows.length),
    isEmpty: rows.length === 0,
  }
}

const times = (row: MovedMean, n: number): MovedMean => ({
  ...row,
  meanNs: n * row.meanNs,
  lowNs: row.lowNs === null ? null : n * row.lowNs,
  highNs: row.highNs === null ? null : n * row.highNs,
})

function figures({ meanNs, lowNs, highNs, origin }: MovedMean, queries: number): string {
  const fitted = isFitted(origin) ? ` ${ORIGIN_WORDS[origin]}` : ''
  const interval = lowNs === null || highNs === null ? '' : `, ${durationInterval(lowNs, highNs)}`
  return `${duration(meanNs)}${fitted}${interval}; ${count(fitting(meanNs / queries))} fit in ${duration(BUDGET_NS)}`
}
