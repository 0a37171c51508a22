import type { Run } from '../../bench/contract/index.ts'
import type { Exporter } from './exporter.ts'
import { lags } from './lag.ts'
import { cellName, databaseCells } from './names.ts'

interface Metric {
  readonly value: number
  readonly lower_value?: number
  readonly upper_value?: number
}

/** `latency` (ns) and `throughput` (operations/s) are built into Bencher, another is made when it is first seen. */
type Measures = Readonly<Record<string, Metric>>

/** Longer names are refused. https://bencher.dev/docs/reference/bencher-metric-format */
const NAME_LENGTH = 1024

/** Bencher Metric Format: benchmark, measure, value and interval. */
export const bencher: Exporter = {
  id: 'bencher',
  form: 'text',
  files: [{ name: 'bencher.json', chunks: (run) => [`${JSON.stringify(metrics(run), null, 1)}\n`] }],
}

function metrics(run: Run): Readonly<Record<string, Measures>> {
  return Object.fromEntries([...cells(run), ...replication(run)].map(([name, of]) => [name.slice(0, NAME_LENGTH), of]))
}

function cells(run: Run): [name: string, Measures][] {
  return databaseCells(run).map((cell) => {
    const { p50, quantiles, operationsPerSecond } = cell.estimates
    const p99Ns = quantiles.find(({ p }) => p === 0.99)?.ns ?? null
    return [
      cellName(cell),
      {
        latency: metric(p50.valueNs, p50.lowNs, p50.highNs),
        ...(p99Ns === null ? {} : { 'latency-p99': { value: p99Ns } }),
        throughput: { value: operationsPerSecond },
      },
    ]
  })
}

function replication(run: Run): [name: string, Measures][] {
  return lags(run).map(({ backend, quantile, bracket }) => [
    `${backend} / replication lag / ${quantile} at most`,
    { latency: metric(bracket.upperNs, bracket.lowerNs, bracket.upperNs) },
  ])
}

function metric(value: number, low: number | null, high: number | null): Metric {
  return low === null || high === null ? { value } : { value, lower_value: low, upper_value: high }
}
