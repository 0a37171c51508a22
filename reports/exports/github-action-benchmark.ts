import type { MeasuredCell, Run } from '../../bench/contract/index.ts'
import { bracketEnds, duration, durationInterval, plural, quantileName } from '../format.ts'
import type { Exporter } from './exporter.ts'
import { lags } from './lag.ts'
import { cellName, databaseCells } from './names.ts'

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

const text = (entries: readonly Entry[]): string => `${JSON.stringify(entries, null, 1)}\n`

function latencies(run: Run): Entry[] {
  return databaseCells(run).flatMap((cell) => {
    const { p50, quantiles } = cell.estimates
    const range = p50.lowNs === null ? {} : { range: durationInterval(p50.lowNs, p50.highNs) }
    const tail = quantiles.flatMap(({ p, ns }) => (ns !== null && TAIL.includes(p) ? [entry(run, cell, p, ns)] : []))
    return [{ ...entry(run, cell, 0.5, p50.valueNs), ...range }, ...tail]
  })
}

function entry(run: Run, cell: MeasuredCell, p: number, value: number): Entry {
  return { name: `${cellName(cell)} / ${quantileName(p)}`, unit: 'ns', value, extra: about(run, cell) }
}

function throughputs(run: Run): Entry[] {
  return databaseCells(run).map((cell) => ({
    name: `${cellName(cell)} / throughput`,
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
