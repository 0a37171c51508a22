import { constants, zstdCompressSync } from 'node:zlib'
import { ByteWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer'
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

function* rowGroups(run: Run, samplesOf: SamplesOf): Generator<Uint8Array> {
  const bytes = new ByteWriter()
  const file = new ParquetWriter({
    writer: bytes,
    schema: schemaFromColumnData({ columnData: columns(run.id, ['', '', ''], 0, 0, new Float64Array(1)) }),
    codec: 'ZSTD',
    compressors: {
      ZSTD: (page) => zstdCompressSync(page, { params: { [constants.ZSTD_c_compressionLevel]: 1 } }),
    },
    createdBy: `sqlatency ${run.harness.version}`,
  })
  for (const batch of rawBatches(run, samplesOf, ROWS)) {
    void file.write({ columnData: columnsOf(run, batch), rowGroupSize: ROWS })
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

function columnsOf(run: Run, { cell, round, first, latenciesNs }: RawBatch): ColumnSource[] {
  return columns(run.id, [cell.backend, cell.scenario, loadName(cell.load)], round.repetition, first, latenciesNs)
}

function columns(
  run: string,
  [backend, scenario, load]: readonly [string, string, string],
  repetition: number,
  first: number,
  latenciesNs: Float64Array,
): ColumnSource[] {
  const { length } = latenciesNs
  const places = new Int32Array(length)
  const wholeNs = new BigInt64Array(length)
  for (let n = 0; n < length; n += 1) {
    places[n] = first + n
    wholeNs[n] = BigInt(Math.round(latenciesNs[n]!))
  }
  const same = (name: string, value: string): ColumnSource => ({
    name,
    type: 'STRING',
    nullable: false,
    data: Array.from<string>({ length }).fill(value),
  })
  return [
    same('run', run),
    same('backend', backend),
    same('scenario', scenario),
    same('load', load),
    { name: 'repetition', type: 'INT32', nullable: false, data: new Int32Array(length).fill(repetition) },
    {
      name: 'n',
      type: 'INT32',
      nullable: false,
      encoding: 'DELTA_BINARY_PACKED',
      data: places,
    },
    { name: 'latencyNs', type: 'INT64', nullable: false, data: wholeNs },
  ]
}
