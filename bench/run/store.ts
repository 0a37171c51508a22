import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { estimate } from '../analyze/estimates.ts'
import type { OpenSamples } from '../analyze/response.ts'
import { boundsFrom } from '../analyze/response.ts'
import type { Cell, Round, Run } from '../contract/index.ts'
import { messageOf, SqlatencyError } from '../contract/index.ts'
import { thisProcess } from '../contract/owner.ts'
import { decodeSamples } from '../measure/samples.ts'
import { writeAtomically } from './files.ts'
import { runText } from './run-text.ts'
import { runSchema } from './schema.ts'
import { OWNER_FILE } from './scope.ts'

/** A run's folder: run.json, raw samples, reports. Everything is written whole or not at all. */
export class Store {
  readonly directory: string
  #isOwned = false

  constructor(output: string, id: string) {
    this.directory = join(output, id)
    mkdirSync(this.directory, { recursive: true })
  }

  /** As long as the run is being made, a file beside it says by whom. */
  save(run: Run): void {
    const isMade = run.status === 'running'
    if (isMade && !this.#isOwned) this.write(OWNER_FILE, JSON.stringify(thisProcess()))
    this.#isOwned = isMade
    this.write('run.json', runText(run))
    if (!isMade) rmSync(join(this.directory, OWNER_FILE), { force: true })
  }

  write(name: string, content: string | Buffer): void {
    writeAtomically(join(this.directory, name), content)
  }

  samplesOf(rounds: readonly Round[]): Float64Array[] {
    return rounds.map(({ samples }) => this.#read(samples))
  }

  /** What rounds of an open loop stored beside; none for a closed loop. */
  openSamplesOf(rounds: readonly Round[]): OpenSamples[] {
    return rounds.flatMap(({ open }) => {
      if (open === null) return []
      const boundsNs = boundsFrom(this.#read(open.arrivals), open.unissued, open.endOfRunNs)
      return [{ waitNs: this.#read(open.waits), boundsNs }]
    })
  }

  #read(name: string): Float64Array {
    return readSamples(join(this.directory, name))
  }

  /** A pending or measured cell with its estimates; unchanged when it has no round. */
  estimated(cell: Cell): Cell {
    if (cell.outcome !== 'pending' && cell.outcome !== 'measured') return cell
    if (cell.rounds.length === 0) return cell
    const { backend, scenario, load, rounds } = cell
    const estimates = estimate(rounds, this.samplesOf(rounds), this.openSamplesOf(rounds), load)
    return { backend, scenario, load, outcome: 'measured', rounds, estimates }
  }

  /** Lets `latest` point here, relative, so that the results can be moved. */
  pointLatest(): void {
    const link = join(dirname(this.directory), 'latest')
    const fresh = `${link}.${process.pid}`
    rmSync(fresh, { force: true })
    symlinkSync(this.directory.slice(dirname(this.directory).length + 1), fresh)
    renameSync(fresh, link)
  }
}

/** @throws SqlatencyError RUN_UNREADABLE when the file is missing or damaged */
export function readSamples(path: string): Float64Array {
  try {
    return decodeSamples(readFileSync(path))
  } catch (error) {
    throw new SqlatencyError('RUN_UNREADABLE', `${path} cannot be read: ${messageOf(error)}.`, {}, { cause: error })
  }
}

/** Reads a run by id, by folder, or `latest`. */
export function loadRun(output: string, name: string): { run: Run; store: Store } {
  const direct = existsSync(join(name, 'run.json'))
  const path = direct ? join(name, 'run.json') : join(output, name, 'run.json')
  if (!existsSync(path)) throw new SqlatencyError('RUN_NOT_FOUND', `There is no run "${name}" in ${output}.`)
  const run = parseRun(readFileSync(path, 'utf8'), path)
  const folder = dirname(path)
  return { run, store: new Store(dirname(folder), folder.slice(dirname(folder).length + 1)) }
}

function parseRun(text: string, path: string): Run {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (error) {
    throw new SqlatencyError('RUN_UNREADABLE', `${path} is not JSON.`, {}, { cause: error })
  }
  const { data: run, error } = runSchema.safeParse(data)
  if (run !== undefined) return run
  const issue = error.issues[0]
  throw new SqlatencyError(
    'RUN_UNREADABLE',
    `${path} is not a run of this version: ${issue?.path.join('.')}: ${issue?.message}.`,
  )
}

/** Ids of the stored runs, newest first. */
export function listRuns(output: string): string[] {
  if (!existsSync(output)) return []
  return readdirSync(output)
    .filter((name) => name !== 'latest' && existsSync(join(output, name, 'run.json')))
    .toSorted()
    .toReversed()
}

/** By this a comparison's folder is known. */
export const COMPARE_PREFIX = 'compare-'
