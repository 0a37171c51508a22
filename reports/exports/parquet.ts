import { constants, zstdCompressSync } from 'node:zlib'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import type { ColumnSource } from 'hyparquet-writer'
import type { Run } from '../../bench/contract/index.ts'
import type { Exporter, SamplesOf } from './exporter.ts'
import { loadName } from './names.ts'
import type { RawBatch } from './raw.ts'
import { rawBatches } from './raw.ts'

/** A round is a row group, and a long round several, so that memory does not grow with the length of a round. */
const ROWS = 250_000

/** Raw samples, one row an operation. What is constant in a round costs nothing; statistics let readers skip rounds. */
export const parquet: Exporter = {
  id: 'parquet',
  form: 'binary',
  files: [{ name: 'samples.parquet', chunks: rowGroups }],
}

const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' } as const
const integer = { type: 'INT32', repetition_type: 'REQUIRED' } as const
const COLUMNS = [
  { name: 'run', ...text },
  { name: 'backend', ...text },
  { name: 'scenario', ...text },
  { name: 'load', ...text },
  { name: 'repetition', ...integer },
  { name: 'n', ...integer },
  { name: 'latencyNs', type: 'INT64', repetition_type: 'REQUIRED' },
  { name: 'waitNs', type: 'INT64', repetition_type: 'OPTIONAL' },
] as const

function* rowGroups(run: Run, samplesOf: SamplesOf): Generator<Uint8Array> {
  const bytes = new ByteWriter()
  const file = new ParquetWriter({
    writer: bytes,
    schema: [{ name: 'samples', num_children: COLUMNS.length }, ...COLUMNS],
    codec: 'ZSTD',
    compressors: {
      ZSTD: (page) => zstdCompressSync(page, { params: { [constants.ZSTD_c_compressionLevel]: 1 } }),
    },
    createdBy: `sqlatency ${run.harness.version}`,
  })
  for (const batch of rawBatches(run, samplesOf, ROWS)) {
    const data = dataOf(run, batch)
    void file.write({ columnData: COLUMNS.map(({ name }) => ({ name, ...data[name] })), rowGroupSize: ROWS })
    yield drain(bytes)
  }
  void file.finish()
  yield drain(bytes)
}

/** Takes what was written out of the buffer; the writer goes on counting from the start of the file. */
function drain(bytes: ByteWriter): Uint8Array {
  const taken = bytes.getBytes().slice()
  bytes.index = 0
  return taken
}

type Column = Pick<ColumnSource, 'data' | 'encoding'>

function dataOf(run: Run, batch: RawBatch): Record<(typeof COLUMNS)[number]['name'], Column> {
  const { cell, round, first, latenciesNs, waitsNs } = batch
  const { length } = latenciesNs
  const same = (value: string): Column => ({ data: Array.from<string>({ length }).fill(value) })
  return {
    run: same(run.id),
    backend: same(cell.backend),
    scenario: same(cell.scenario),
    load: same(loadName(run, cell)),
    repetition: { data: new Int32Array(length).fill(round.repetition) },
    n: { data: new Int32Array(length).map((_, n) => first + n), encoding: 'DELTA_BINARY_PACKED' },
    latencyNs: { data: wholeNs(latenciesNs) },
    waitNs: { data: waitsNs === null ? Array.from<null>({ length }).fill(null) : wholeNs(waitsNs) },
  }
}

function wholeNs(durationsNs: Float64Array): BigInt64Array {
  const whole = new BigInt64Array(durationsNs.length)
  for (let n = 0; n < whole.length; n += 1) whole[n] = BigInt(Math.round(durationsNs[n]!))
  return whole
}
