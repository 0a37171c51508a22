import type { Estimate, MeasuredCell, Run } from '../../bench/contract/index.ts'
import { bracketEnds, duration, durationInterval, plural, quantileName } from '../format.ts'
import type { Exporter } from './exporter.ts'
import { lags } from './lag.ts'
import { cellName, databaseCells } from './names.ts'
import { responseMedian, responseQuantile } from './response.ts'

/** The action turns `null` into 0 and a missing unit into "undefined", so neither may ever be written. */
interface Entry {
  readonly name: string
  readonly unit: string
  readonly value: number
  readonly range?: string
  readonly extra?: string
}

/** Beyond the median, what is charted: further out most runs have too few operations, and a gap breaks a chart. */
const TAIL = [0.95, 0.99]

/**
 * github-action-benchmark, whose direction is one a file; each is named like the `tool` that reads it.
 * https://github.com/benchmark-action/github-action-benchmark
 */
export const githubActionBenchmark: Exporter = {
  id: 'github-action-benchmark',
  form: 'text',
  files: [
    { name: 'customSmallerIsBetter.json', chunks: (run) => [text([...latencies(run), ...lagEntries(run)])] },
    { name: 'customBiggerIsBetter.json', chunks: (run) => [text(throughputs(run))] },
  ],
}

const text = (all: readonly Entry[]): string => `${JSON.stringify(all, null, 1)}\n`

function latencies(run: Run): Entry[] {
  return databaseCells(run).flatMap((cell) => {
    const { estimates } = cell
    const tail = (p: number): number | null => estimates.quantiles.find((quantile) => quantile.p === p)?.ns ?? null
    return [
      ...entries(run, cell, '', estimates.p50, tail),
      ...entries(run, cell, 'response ', responseMedian(estimates), (p) => responseQuantile(estimates, p)),
    ]
  })
}

function entries(
  run: Run,
  cell: MeasuredCell,
  kind: string,
  median: Estimate | null,
  tail: (p: number) => number | null,
): Entry[] {
  const entry = (p: number, value: number | null): Entry[] =>
    value === null
      ? []
      : [{ name: `${cellName(run, cell)} / ${kind}${quantileName(p)}`, unit: 'ns', value, extra: about(run, cell) }]
  const lowNs = median?.lowNs ?? null
  const range = lowNs === null ? {} : { range: durationInterval(lowNs, median?.highNs ?? null) }
  return [
    ...entry(0.5, median?.valueNs ?? null).map((one) => ({ ...one, ...range })),
    ...TAIL.flatMap((p) => entry(p, tail(p))),
  ]
}

/** Of closed loops alone: an open one is told how many operations to do. */
function throughputs(run: Run): Entry[] {
  return databaseCells(run)
    .filter(({ load }) => load.kind === 'closed')
    .map((cell) => ({
      name: `${cellName(run, cell)} / throughput`,
      unit: 'operations/s',
      value: cell.estimates.operationsPerSecond,
      extra: about(run, cell),
    }))
}

function lagEntries(run: Run): Entry[] {
  return lags(run).map(({ backend, quantile, bracket }) => ({
    name: `${backend} / replication lag / ${quantile} at most`,
    unit: 'ns',
    value: bracket.upperNs,
    range: bracketEnds(bracket),
    extra: `run ${run.id}`,
  }))
}

function about(run: Run, { estimates: { operations, rounds, maxNs } }: MeasuredCell): string {
  return `${plural(operations, 'operation')} in ${plural(rounds, 'round')}, max ${duration(maxNs)}, run ${run.id}`
}
