import { bencher } from './bencher.ts'
import { csv, rawCsv } from './csv.ts'
import type { Exporter } from './exporter.ts'
import { githubActionBenchmark } from './github-action-benchmark.ts'
import { hlog } from './hlog.ts'
import { ndjson } from './ndjson.ts'
import { parquet } from './parquet.ts'

/** Every format that `sqlatency export --format` knows. */
export const exporters: readonly Exporter[] = [githubActionBenchmark, bencher, csv, ndjson, parquet, hlog]

/** Of the formats that hold either a row a cell or, asked with `--raw`, a row an operation. */
export const rawExporters: readonly Exporter[] = [rawCsv]

export type { ExportedFile, Exporter, SamplesOf } from './exporter.ts'
