import { Ajv } from 'ajv'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { HistogramLogReader, listTags } from 'hdr-histogram-js'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Estimate, MeasuredCell, Round, Run } from '../../bench/contract/index.ts'
import { inventedComparison } from '../testing/fixture.ts'
import type { Shape } from '../testing/shape.ts'
import { HOSTILE } from '../testing/shape.ts'
import { rawCsv } from './csv.ts'
import type { Samples } from './exporter.ts'
import { exporters } from './index.ts'
import { cellName, loadName, measuredCells, nameParts } from './names.ts'
import { queryParquet } from './testing/duckdb.ts'

const SMALL = { backends: 4, scenarios: 4, rounds: 2, operations: 30 }
const SHAPES: readonly Partial<Shape>[] = [
  SMALL,
  { ...SMALL, rounds: 7, operations: 5000 },
  { ...SMALL, hostile: true },
  { ...SMALL, rounds: 6, operations: 5000, loads: true },
  { ...SMALL, failed: true },
  { backends: 0, scenarios: 0, gaps: false, lag: false },
]

const runOf = (shape: Partial<Shape>): Run => inventedComparison(shape).run

/** A few operations of a round, one of them longer than 32 bits can say. */
const samplesOf = (round: Round): Samples => ({
  latenciesNs: Float64Array.of(Math.round(round.p50Ns), 0, 1, Math.round(round.p50Ns) * 3, 2 ** 33 + round.repetition),
  waitsNs: round.open === null ? null : Float64Array.of(0, 5, 2 ** 34, 1, round.repetition),
})

const onlyService = (latenciesNs: Float64Array) => (): Samples => ({ latenciesNs, waitsNs: null })

const text = (id: string, run: Run, file = 0): string => {
  const exporter = exporters.find((one) => one.id === id)!
  return [...exporter.files[file]!.chunks(run, samplesOf)].join('')
}

/** Every operation as all raw formats have to tell it. */
const operations = (run: Run): Record<string, string | number | null>[] =>
  measuredCells(run).flatMap((cell) => {
    const { backend, scenario, rounds } = cell
    const load = loadName(run, cell)
    return rounds.flatMap((round) => {
      const { latenciesNs, waitsNs } = samplesOf(round)
      const same = { run: run.id, backend, scenario, load, repetition: round.repetition }
      return [...latenciesNs].map((latencyNs, n) => ({ ...same, n, latencyNs, waitNs: waitsNs?.[n] ?? null }))
    })
  })

const metricOf = ({ valueNs: value, lowNs, highNs }: Estimate) =>
  lowNs === null ? { value } : { value, lower_value: lowNs, upper_value: highNs }

const isDatabase = ({ backend }: MeasuredCell): boolean => backend !== 'null'

describe.each(SHAPES)('of %j', (shape) => {
  const run = runOf(shape)
  const databases = measuredCells(run).filter(isDatabase)

  test('github-action-benchmark: a name once, a unit and a number always, the harness alone never', () => {
    const entry = z.strictObject({
      name: z.string().min(1),
      unit: z.string().min(1),
      value: z.number(),
      range: z.string().min(1).optional(),
      extra: z.string().min(1).optional(),
    })
    const [smaller, bigger] = [0, 1].map((file) =>
      z.array(entry).parse(JSON.parse(text('github-action-benchmark', run, file))),
    ) as [z.infer<typeof entry>[], z.infer<typeof entry>[]]
    for (const entries of [smaller, bigger]) {
      expect(new Set(entries.map(({ name }) => name)).size).toBe(entries.length)
      expect(entries.filter(({ name }) => name.startsWith('null / '))).toEqual([])
    }
    for (const cell of databases) {
      const { estimates } = cell
      const named = (end: string) =>
        [...smaller, ...bigger].find(({ name }) => name === `${cellName(run, cell)} / ${end}`)
      expect(named('p50')).toMatchObject({ unit: 'ns', value: estimates.p50.valueNs })
      expect(named('p50')?.range === undefined).toBe(estimates.p50.lowNs === null)
      expect(named('p99')?.value ?? null).toBe(estimates.quantiles.find(({ p }) => p === 0.99)!.ns)
      expect(named('throughput')?.value).toBe(estimates.response === null ? estimates.operationsPerSecond : undefined)
      expect(named('response p50')?.value).toBe(estimates.response?.p50?.valueNs)
      const p99 = estimates.response?.quantiles.find(({ p }) => p === 0.99)
      expect(named('response p99')?.value).toBe(p99?.atLeast === true ? undefined : (p99?.ns ?? undefined))
    }
    expect(bigger.every(({ name }) => name.endsWith(' / throughput'))).toBe(true)
    expect(smaller.some(({ name }) => name.endsWith(' / throughput'))).toBe(false)
  })

  test('bencher: valid by its schema, names no longer than it takes, bounds around the value', () => {
    // Written after https://bencher.dev/docs/reference/bencher-metric-format, stricter: nothing else may stand in a metric.
    const metric = {
      type: 'object',
      properties: { value: { type: 'number' }, lower_value: { type: 'number' }, upper_value: { type: 'number' } },
      required: ['value'],
      additionalProperties: false,
    }
    const validate = new Ajv().compile({
      type: 'object',
      propertyNames: { minLength: 1, maxLength: 1024 },
      additionalProperties: {
        type: 'object',
        minProperties: 1,
        propertyNames: { minLength: 1, maxLength: 64 },
        additionalProperties: metric,
      },
    })
    const found = JSON.parse(text('bencher', run)) as Record<string, Record<string, Record<string, number>>>
    expect(validate(found), JSON.stringify(validate.errors)).toBe(true)
    for (const cell of databases) {
      const { p50, response, operationsPerSecond } = cell.estimates
      const measures = found[cellName(run, cell).slice(0, 1024)]!
      expect(measures.latency).toEqual(metricOf(p50))
      expect(measures.throughput).toEqual(response === null ? { value: operationsPerSecond } : undefined)
      expect(measures.response).toEqual(response === null || response.p50 === null ? undefined : metricOf(response.p50))
    }
    expect(Object.keys(found).filter((name) => name.startsWith('null / '))).toEqual([])
  })

  test('csv: a row a cell, whatever it is called, and no figure where there is none', () => {
    const written = text('csv', run)
    const rows: Record<string, string>[] = parse(written, { columns: true, record_delimiter: '\r\n' })
    expect(rows.map(({ backend, scenario }) => [backend, scenario].map(withoutApostrophe))).toEqual(
      run.cells.map(({ backend, scenario }) => [backend, scenario]),
    )
    for (const [n, cell] of run.cells.entries()) {
      const { outcome, reason, p50Ns, p50LowNs, pooledP99Ns, pooledP99_99Ns, operations: count } = rows[n]!
      expect([outcome, rows[n]!.load]).toEqual([cell.outcome, loadName(run, cell)])
      const of = cell.outcome === 'measured' ? cell.estimates : null
      expect(reason === '').toBe(of !== null)
      const quantile = (p: number) => of?.quantiles.find((one) => one.p === p)?.ns ?? ''
      expect([count, p50Ns, p50LowNs, pooledP99Ns ?? '', pooledP99_99Ns ?? '']).toEqual(
        [of?.operations ?? '', of?.p50.valueNs ?? '', of?.p50.lowNs ?? '', quantile(0.99), quantile(0.9999)].map(
          String,
        ),
      )
    }
    for (const [n, cell] of run.cells.entries()) {
      const response = cell.outcome === 'measured' ? cell.estimates.response : null
      const p99 = response?.quantiles.find(({ p }) => p === 0.99)
      const { unissued, responseP50Ns, pooledResponseP99Ns = '' } = rows[n]!
      expect([unissued, responseP50Ns, pooledResponseP99Ns]).toEqual(
        [response?.unissued ?? '', response?.p50?.valueNs ?? '', p99?.atLeast === true ? '' : (p99?.ns ?? '')].map(
          String,
        ),
      )
    }
    for (const field of rows.flatMap((row) => Object.values(row))) expect(field).not.toMatch(/^[=+\-@\t\r]/)
  })

  test('raw csv, ndjson and parquet: every operation, in order', async () => {
    const all = operations(run)
    const lines = text('ndjson', run).split('\n').slice(0, -1)
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(all.map(withoutNull))
    const csv = [...rawCsv.files[0]!.chunks(run, samplesOf)].join('')
    const rows: Record<string, string>[] = parse(csv, { columns: true, record_delimiter: '\r\n' })
    const asText = ({ backend, ...rest }: Record<string, string | number | null>) =>
      [withoutApostrophe(String(backend)), ...Object.values(rest)].map((value) => String(value ?? ''))
    expect(rows.map(asText)).toEqual(all.map(asText))
    const chunks = exporters.find(({ id }) => id === 'parquet')!.files[0]!.chunks(run, samplesOf)
    expect(await queryParquet(chunks as Iterable<Uint8Array>, '*')).toEqual(all)
  })

  test('hlog: one interval a cell under its own tag, with the exact maximum beside it', () => {
    const log = text('hlog', run)
    const cells = measuredCells(run)
    const tags = cells.map((cell) => nameParts(run, cell).map(encodeURIComponent).join('/'))
    const responses = tags
      .filter((_, n) => cells[n]!.estimates.response?.unissued === 0)
      .map((tag) => `${tag}/response`)
    const all = [...tags, ...responses]
    expect(log.split('\n').filter((line) => line.startsWith('Tag='))).toHaveLength(all.length)
    expect(listTags(log).toSorted()).toEqual(all.toSorted())
    // The longest wait is 2^34, of an operation that took 1 ns.
    for (const tag of responses) expect(intervalOf(log, tag)!.maxValue / (2 ** 34 + 1)).toBeCloseTo(1, 2)
    for (const [n, { estimates, rounds }] of cells.entries()) {
      const histogram = intervalOf(log, tags[n]!)
      expect(histogram?.totalCount).toBe(rounds.length * 5)
      expect(log).toContain(`#[Exact max of ${tags[n]}: ${estimates.maxNs} ns]\n`)
    }
  })
})

/** Where there is no wait, NDJSON says nothing. */
const withoutNull = ({ waitNs, ...rest }: Record<string, unknown>): Record<string, unknown> =>
  waitNs === null ? rest : { ...rest, waitNs }

const withoutApostrophe = (field = ''): string => field.replace(/^'(?=[=+\-@])/, '')

function intervalOf(log: string, tag: string) {
  const lines = log.split('\n').filter((line) => !line.startsWith('Tag=') || line.startsWith(`Tag=${tag},`))
  return new HistogramLogReader(lines.join('\n')).nextIntervalHistogram()
}

test('hlog: a percentile is the value at its rank, at most 0.1 % above it', () => {
  const run = runOf({ backends: 1, scenarios: 1, rounds: 1, withNull: false, gaps: false })
  const latency = fc.oneof(fc.nat(5000), fc.nat(2 ** 31 - 1), fc.integer({ min: 2 ** 32, max: 2 ** 45 }))
  fc.assert(
    fc.property(
      fc.array(latency, { minLength: 1, maxLength: 300 }),
      fc.constantFrom(0, 25, 50, 99, 100),
      (values, p) => {
        const log = [
          ...exporters.find(({ id }) => id === 'hlog')!.files[0]!.chunks(run, onlyService(Float64Array.from(values))),
        ]
        const found = new HistogramLogReader(log.join('')).nextIntervalHistogram()!.getValueAtPercentile(p)
        const exact = values.toSorted((a, b) => a - b)[Math.max(1, Math.ceil((p * values.length) / 100)) - 1]!
        expect(found).toBeGreaterThanOrEqual(p === 0 || p === 100 ? exact * 0.999 : exact)
        expect(found).toBeLessThanOrEqual(exact * 1.001)
      },
    ),
    { numRuns: 200 },
  )
})

test('a name that is a formula is only text', () => {
  const { run } = inventedComparison({ ...SMALL, hostile: true, withNull: false })
  expect(run.backends.some(({ id }) => id.startsWith('='))).toBe(true)
  expect(text('csv', run)).toContain(`'=cmd|`)
  expect(text('csv', run)).toContain(HOSTILE.replaceAll('"', '""'))
})

test('lag is the upper end of its bracket', () => {
  const run = runOf(SMALL)
  const lag = run.lag.find((cell) => cell.outcome === 'measured')!
  const name = `${lag.backend} / replication lag / p50 at most`
  const { lowerNs, upperNs } = lag.ackToVisible.p50!
  expect(JSON.parse(text('github-action-benchmark', run))).toContainEqual(
    expect.objectContaining({ name, unit: 'ns', value: upperNs }),
  )
  expect(JSON.parse(text('bencher', run))).toMatchObject({
    [name]: { latency: { value: upperNs, lower_value: lowerNs, upper_value: upperNs } },
  })
})

test('the load is named where it is not one caller in a closed loop', () => {
  const run = runOf({ backends: 1, scenarios: 1, withNull: false, gaps: false })
  const crowded: Run = { ...run, cells: run.cells.map((cell) => ({ ...cell, load: { kind: 'closed', callers: 4 } })) }
  const names = (of: Run) => Object.keys(JSON.parse(text('bencher', of)) as object)
  expect(names(run)).toEqual(['better-sqlite3 / point-read'])
  expect(names(crowded)).toEqual(['better-sqlite3 / point-read / closed-4'])
})

test('loads of a sweep have the same names in every run, though their rates differ', () => {
  const names = (seed: number) => {
    const { run } = inventedComparison({ ...SMALL, loads: true }, seed)
    return measuredCells(run).map((cell) => cellName(run, cell))
  }
  expect(names(1)).toContain('better-sqlite3 / point-read / sweep-0.9-poisson-1024')
  expect(names(2)).toEqual(names(1))
  const { run } = inventedComparison({ ...SMALL, loads: true })
  const fixed: Run = {
    ...run,
    plan: { ...run.plan, load: { kind: 'open', ratePerSecond: 500, arrivals: 'constant', concurrency: 1 } },
    cells: run.cells.map((cell) => ({
      ...cell,
      load: { kind: 'open', ratePerSecond: 500, arrivals: 'constant', concurrency: 1 },
    })),
  }
  expect(cellName(fixed, fixed.cells[0]!)).toMatch(/^.* \/ .* \/ open-500-constant-1$/)
})

test.each([...exporters, rawCsv])('$id: holds one round at a time', ({ files }) => {
  const run = runOf({ ...SMALL, rounds: 9 })
  const read: string[] = []
  const counting = (round: Round): Samples => {
    read.push(round.samples)
    return samplesOf(round)
  }
  for (const file of files) {
    const chunks = file.chunks(run, counting)[Symbol.iterator]()
    expect(read).toEqual([])
    chunks.next()
    // A histogram log needs all rounds of a cell for its first interval.
    expect(read.length).toBeLessThanOrEqual(9)
  }
})

test('a round that is too long for one batch goes on counting', async () => {
  const run = runOf({ backends: 1, scenarios: 1, rounds: 1, withNull: false, gaps: false })
  const long = new Float64Array(250_003).fill(7)
  const samples: Samples = { latenciesNs: long, waitsNs: long.map((_, n) => n) }
  const chunks = (id: string) => exporters.find((one) => one.id === id)!.files[0]!.chunks(run, () => samples)
  let lines = 0
  let last = ''
  for (const chunk of chunks('ndjson')) {
    lines += String(chunk).split('\n').length - 1
    last = String(chunk).trimEnd().split('\n').at(-1)!
  }
  expect(lines).toBe(long.length)
  expect(JSON.parse(last)).toMatchObject({ n: long.length - 1, latencyNs: 7, waitNs: long.length - 1 })
  const rows = await queryParquet(
    chunks('parquet') as Iterable<Uint8Array>,
    'count(*) AS rows, count(DISTINCT n) AS different, max(n) AS last, count(*) FILTER (waitNs = n) AS waits',
  )
  expect(rows).toEqual([{ rows: long.length, different: long.length, last: long.length - 1, waits: long.length }])
})

test('bencher: a name that is too long is cut', () => {
  const run = runOf({ backends: 1, scenarios: 1, withNull: false, gaps: false, lag: false })
  const long: Run = { ...run, cells: run.cells.map((cell) => ({ ...cell, scenario: 'x'.repeat(2000) })) }
  expect(Object.keys(JSON.parse(text('bencher', long)) as object).map((name) => name.length)).toEqual([1024])
})

test('the same run gives the same bytes', () => {
  const bytes = () =>
    [...exporters, rawCsv].flatMap(({ files }) =>
      files.map((file) => Buffer.concat([...file.chunks(runOf(SMALL), samplesOf)].map((one) => Buffer.from(one)))),
    )
  expect(bytes()).toEqual(bytes())
})
