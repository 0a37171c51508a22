import { statSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { defineCommand } from 'citty'
import type { ExportedFile, Exporter, SamplesOf } from '../../reports/exports/index.ts'
import { exporters, rawExporters } from '../../reports/exports/index.ts'
import type { Run } from '../contract/index.ts'
import { codeOf, messageOf, SqlatencyError } from '../contract/index.ts'
import { writePiecesAtomically } from '../run/files.ts'
import type { Store } from '../run/store.ts'
import { loadFinished } from './common.ts'
import { checkFlags, unknownName } from './flags.ts'
import { DEFAULT_OUTPUT } from './settings.ts'

const names = exporters.map(({ id }) => id)

const args = {
  run: { type: 'positional', required: false, default: 'latest', description: 'Id or folder of a stored run' },
  format: { type: 'string', description: names.join(', '), valueHint: 'name' },
  output: { type: 'string', alias: 'o', description: 'File, or folder for several', valueHint: 'path' },
  raw: { type: 'boolean', description: 'One row an operation (csv)' },
} as const

export default defineCommand({
  meta: { name: 'export', description: 'Write a stored run in the format of another tool' },
  args,
  async run({ args: flags, rawArgs }) {
    checkFlags(rawArgs, args)
    const exporter = chosen(flags.format, flags.raw === true)
    const { run, store } = loadFinished(DEFAULT_OUTPUT, flags.run)
    const samplesOf = samplesIn(store)
    const [only, ...others] = exporter.files as [ExportedFile, ...ExportedFile[]]
    if (flags.output === undefined && exporter.form === 'text' && others.length === 0) {
      await print(only.chunks(run, samplesOf))
      return
    }
    const folder = flags.output ?? join(store.directory, 'exports')
    for (const file of exporter.files) {
      const path = flags.output !== undefined && isFile(flags.output, exporter) ? flags.output : join(folder, file.name)
      save(path, file, run, samplesOf)
      process.stdout.write(`${path}\n`)
    }
  },
})

function chosen(format: string | undefined, raw: boolean): Exporter {
  if (format === undefined) throw new SqlatencyError('USAGE', `Say which format: --format ${names.join(', ')}.`)
  const exporter = exporters.find(({ id }) => id === format)
  if (exporter === undefined) throw unknownName('format', format, names)
  if (!raw) return exporter
  const rawExporter = rawExporters.find(({ id }) => id === format)
  if (rawExporter === undefined)
    throw new SqlatencyError('USAGE', `--raw is for --format ${rawExporters.map(({ id }) => id).join(', ')} only.`)
  return rawExporter
}

/** What -o names: the one file of a format, unless it is a folder or is written like one. */
function isFile(output: string, { files }: Exporter): boolean {
  const there = statSync(output, { throwIfNoEntry: false })
  if (output.endsWith('/') || there?.isDirectory() === true) return false
  // A file takes the place of what is there, which must not happen to a device.
  if (there?.isFile() === false) throw new SqlatencyError('NOT_WRITABLE', `${output} is no file and no folder.`)
  return files.length === 1
}

/** One round at a time, so that a run larger than the memory can be exported. */
function samplesIn(store: Store): SamplesOf {
  return (round) => {
    try {
      const waitsNs = store.openSamplesOf([round])[0]?.waitNs ?? null
      return { latenciesNs: store.samplesOf([round])[0]!, waitsNs }
    } catch (error) {
      if (error instanceof SqlatencyError) throw error
      const message = `Samples of repetition ${round.repetition} in ${store.directory} cannot be read: ${messageOf(error)}.`
      throw new SqlatencyError('RUN_UNREADABLE', message, {}, { cause: error })
    }
  }
}

const NOT_WRITABLE = new Set(['EACCES', 'EEXIST', 'EISDIR', 'ENOENT', 'ENOTDIR', 'EPERM', 'EROFS', 'ENAMETOOLONG'])

function save(path: string, file: ExportedFile, run: Run, samplesOf: SamplesOf): void {
  try {
    writePiecesAtomically(path, file.chunks(run, samplesOf))
  } catch (error) {
    const cause = error instanceof SqlatencyError && error.code === 'BACKEND_FAILED' ? error.cause : null
    if (!NOT_WRITABLE.has(codeOf(cause))) throw error
    throw new SqlatencyError('NOT_WRITABLE', `${path} cannot be written: ${messageOf(cause)}.`, {}, { cause })
  }
}

/** Waits for a slow reader, and ends in peace when it has seen enough (`| head`). */
async function print(chunks: Iterable<string | Uint8Array>): Promise<void> {
  try {
    await pipeline(Readable.from(chunks), process.stdout, { end: false })
  } catch (error) {
    if (codeOf(error) !== 'EPIPE') throw error
  }
}
