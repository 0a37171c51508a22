import { stringify } from 'csv-stringify/sync'
import type { Cell, Estimates, Run } from '../../bench/contract/index.ts'
import { quantileName } from '../format.ts'
import { missingText } from '../missing.ts'
import { durabilityOf } from '../view.ts'
import type { Exporter, SamplesOf } from './exporter.ts'
import { loadName } from './names.ts'
import { rawLines } from './raw.ts'
import { responseMedian, responseQuantile } from './response.ts'

/** One row a cell with all estimates. RFC 4180; what a spreadsheet would run as a formula begins with an apostrophe. */
export const csv: Exporter = {
  id: 'csv',
  form: 'text',
  files: [{ name: 'cells.csv', chunks: (run) => table(run) }],
}

/** One row an operation. */
export const rawCsv: Exporter = { id: 'csv', form: 'text', files: [{ name: 'samples.csv', chunks: samples }] }

const record = (fields: readonly (string | number | null)[]): string =>
  stringify([[...fields]], { record_delimiter: 'windows', escape_formulas: true })

type Column = readonly [name: string, of: (estimates: Estimates) => number | null]

const FACTS = ['run', 'startedAt', 'backend', 'scenario', 'load', 'outcome', 'reason', 'durability']

function* table(run: Run): Generator<string> {
  const columns = columnsOf(run)
  yield record([...FACTS, ...columns.map(([name]) => name)])
  // Empty where nothing was measured or operations are too few to say.
  for (const cell of run.cells) {
    yield record([
      ...facts(run, cell),
      ...columns.map(([, of]) => (cell.outcome === 'measured' ? of(cell.estimates) : null)),
    ])
  }
}

/** The estimate of the median with its 95 % interval, quantiles pooled over all operations, and the same of response time. */
function columnsOf(run: Run): Column[] {
  const quantiles = quantilesOf(run)
  return [
    ['rounds', ({ rounds }) => rounds],
    ['operations', ({ operations }) => operations],
    ['errors', ({ errors }) => errors],
    ['p50Ns', ({ p50 }) => p50.valueNs],
    ['p50LowNs', ({ p50 }) => p50.lowNs],
    ['p50HighNs', ({ p50 }) => p50.highNs],
    ...quantiles.map((p): Column => [
      `pooled${suffix(p)}`,
      (of) => of.quantiles.find((quantile) => quantile.p === p)?.ns ?? null,
    ]),
    ['meanNs', ({ meanNs }) => meanNs],
    ['minNs', ({ minNs }) => minNs],
    ['maxNs', ({ maxNs }) => maxNs],
    ['operationsPerSecond', ({ operationsPerSecond }) => operationsPerSecond],
    ['roundSpread', ({ roundSpread }) => roundSpread],
    ['offeredPerSecond', ({ response }) => response?.offeredPerSecond ?? null],
    ['achievedPerSecond', ({ response }) => response?.achievedPerSecond ?? null],
    ['offered', ({ response }) => response?.offered ?? null],
    ['unissued', ({ response }) => response?.unissued ?? null],
    ['responseP50Ns', (of) => responseMedian(of)?.valueNs ?? null],
    ['responseP50LowNs', (of) => responseMedian(of)?.lowNs ?? null],
    ['responseP50HighNs', (of) => responseMedian(of)?.highNs ?? null],
    ...quantiles.map((p): Column => [`pooledResponse${suffix(p)}`, (of) => responseQuantile(of, p)]),
  ]
}

/** `P99_9Ns`: a point in a column's name would have to be quoted everywhere. */
const suffix = (p: number): string => `${quantileName(p).replace('p', 'P').replace('.', '_')}Ns`

function quantilesOf(run: Run): number[] {
  const all = run.cells.flatMap((cell) => (cell.outcome === 'measured' ? cell.estimates.quantiles : []))
  return [...new Set(all.map(({ p }) => p))].toSorted((a, b) => a - b)
}

function facts(run: Run, cell: Cell): (string | null)[] {
  const { backend, scenario, outcome } = cell
  const [reason, durability] = outcome === 'measured' ? [null, durabilityOf(cell)] : [missingText(cell), null]
  return [run.id, run.startedAt, backend, scenario, loadName(run, cell), outcome, reason, durability]
}

function* samples(run: Run, samplesOf: SamplesOf): Generator<string> {
  yield record(['run', 'backend', 'scenario', 'load', 'repetition', 'n', 'latencyNs', 'waitNs'])
  yield* rawLines(run, samplesOf, {
    before: ({ cell, round: { repetition } }) => {
      const same = record([run.id, cell.backend, cell.scenario, loadName(run, cell), repetition])
      return `${same.slice(0, -'\r\n'.length)},`
    },
    between: ',',
    wait: (ns) => `,${ns ?? ''}`,
    end: '\r\n',
  })
}
