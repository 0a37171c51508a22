import { readFileSync } from 'node:fs'
import { constants, zstdCompressSync } from 'node:zlib'
import { tableFromArrays, tableToIPC } from 'apache-arrow'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { Compression, Encoding, Table, WriterPropertiesBuilder, writeParquet } from 'parquet-wasm'
import { decodeSamples } from '../../measure/samples.ts'
import { processorNs } from './processor.ts'

export interface ParquetFile {
  readonly writer: string
  readonly bytesPerSample: number
  readonly encodedPerSecond: number
  /** The slowest level of zstd, which is for archives. */
  readonly slow: boolean
}

const ENCODINGS = ['PLAIN', 'DELTA_BINARY_PACKED', 'BYTE_STREAM_SPLIT', 'dictionary'] as const
const LEVELS = [3, 19]

/** All rounds of a cell as one column of 32 bits in one row group, which is what suits Parquet best. */
export function parquet({ paths }: { readonly paths: readonly string[] }): ParquetFile[] {
  const values = Int32Array.from(paths.flatMap((path) => [...decodeSamples(readFileSync(path))]))
  const file = (writer: string, slow: boolean, write: () => number): ParquetFile => {
    const start = processorNs()
    const bytes = write()
    const seconds = (processorNs() - start) / 1e9
    return { writer, slow, bytesPerSample: bytes / values.length, encodedPerSecond: values.length / seconds }
  }
  const byHyparquet = LEVELS.flatMap((level) =>
    ENCODINGS.map((encoding) =>
      file(`hyparquet-writer, ${encoding}, zstd ${level}`, level > 3, () => hyparquet(values, encoding, level)),
    ),
  )
  return [
    ...byHyparquet,
    ...ENCODINGS.map((encoding) => file(`parquet-wasm, ${encoding}, zstd`, false, () => wasm(values, encoding))),
  ]
}

function hyparquet(values: Int32Array, encoding: (typeof ENCODINGS)[number], level: number): number {
  const params = { [constants.ZSTD_c_compressionLevel]: level }
  return parquetWriteBuffer({
    // A dictionary is what it tries when no encoding is named.
    columnData: [{ name: 'ns', data: values, type: 'INT32', ...(encoding === 'dictionary' ? {} : { encoding }) }],
    codec: 'ZSTD',
    compressors: { ZSTD: (bytes) => zstdCompressSync(bytes, { params }) },
    rowGroupSize: values.length,
    pageSize: 64e6,
    statistics: false,
  }).byteLength
}

function wasm(values: Int32Array, encoding: (typeof ENCODINGS)[number]): number {
  const table = Table.fromIPCStream(tableToIPC(tableFromArrays({ ns: values }), 'stream'))
  const base = new WriterPropertiesBuilder().setCompression(Compression.ZSTD).setMaxRowGroupSize(values.length)
  const chosen =
    encoding === 'dictionary'
      ? base.setDictionaryEnabled(true)
      : base.setDictionaryEnabled(false).setEncoding(Encoding[encoding])
  return writeParquet(table, chosen.build()).length
}
