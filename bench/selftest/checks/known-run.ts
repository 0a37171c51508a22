import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Cell, MeasuredCell, PlannedLoad, Run } from '../../contract/index.ts'
import { plans } from '../../plans/index.ts'
import { run } from '../../run/run.ts'
import type { Bench } from '../check.ts'
import { CONFIG_PATH, known, synthetic } from '../synthetic/config.ts'

export const ROUNDS = 2
export const SEED = 3
const CAPACITY = 100_000

export interface KnownRun {
  readonly run: Run
  /** Null when it was not measured. */
  readonly cell: MeasuredCell | null
  /** Where the run's files lie, and where the ledgers of its sessions. */
  readonly directory: string
  readonly ledgers: string
}

/** A whole run of the synthetic backend in processes of its own, in a folder of its own. */
export async function knownRun({ quick, signal, place }: Bench, load: PlannedLoad, roundNs: number): Promise<KnownRun> {
  const ledgers = join(place.directory, `ledgers-${performance.now()}`)
  const output = join(place.directory, 'results')
  mkdirSync(ledgers)
  const plan = {
    ...plans['smoke']!.plan,
    name: 'selftest',
    rounds: ROUNDS,
    roundNs: quick ? roundNs / 5 : roundNs,
    lagMarkers: 0,
  }
  const done = await run(
    {
      plan: { ...plan, load },
      seed: SEED,
      backends: [
        {
          id: synthetic.id,
          title: synthetic.title,
          adapter: synthetic as never,
          movedFrom: null,
          options: { ...synthetic.defaults, ledgers, capacity: CAPACITY },
        },
      ],
      scenarios: [known],
      scenarioModules: [],
      configPath: CONFIG_PATH,
      region: null,
      output,
      pin: true,
      version: '0',
      commit: null,
      project: null,
      resume: null,
      signal,
      roundTimeoutMs: 60_000,
    },
    () => undefined,
  )
  return { run: done, cell: done.cells.find(isMeasured) ?? null, directory: join(output, done.id), ledgers }
}

const isMeasured = (cell: Cell): cell is MeasuredCell => cell.outcome === 'measured'
