import type { Estimate, Run } from '../../bench/contract/index.ts'
import type { Exporter } from './exporter.ts'
import { lags } from './lag.ts'
import { cellName, databaseCells } from './names.ts'
import { responseMedian, responseQuantile } from './response.ts'

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
    const { estimates, load } = cell
    const p99Ns = estimates.quantiles.find(({ p }) => p === 0.99)?.ns ?? null
    const measures = {
      latency: metric(estimates.p50),
      'latency-p99': value(p99Ns),
      response: metric(responseMedian(estimates)),
      'response-p99': value(responseQuantile(estimates, 0.99)),
      // An open loop is told how many operations to do.
      throughput: value(load.kind === 'closed' ? estimates.operationsPerSecond : null),
    }
    return [cellName(run, cell), Object.fromEntries(Object.entries(measures).flatMap(known))]
  })
}

const known = ([name, of]: readonly [string, Metric | null]): [string, Metric][] => (of === null ? [] : [[name, of]])

const value = (of: number | null): Metric | null => (of === null ? null : { value: of })

function replication(run: Run): [name: string, Measures][] {
  return lags(run).map(({ backend, quantile, bracket }) => [
    `${backend} / replication lag / ${quantile} at most`,
    { latency: { value: bracket.upperNs, lower_value: bracket.lowerNs, upper_value: bracket.upperNs } },
  ])
}

function metric(of: Estimate | null): Metric | null {
  if (of === null || of.lowNs === null || of.highNs === null) return value(of?.valueNs ?? null)
  return { value: of.valueNs, lower_value: of.lowNs, upper_value: of.highNs }
}
