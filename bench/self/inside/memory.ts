import process from 'node:process'
import nothing from '../../../adapters/null.ts'
import pointRead from '../../../scenarios/point-read.ts'
import type { Round } from '../../contract/index.ts'
import { ONE_CALLER } from '../../contract/index.ts'
import { measureRound } from '../../run/cell.ts'
import { Store } from '../../run/store.ts'
import { SEED } from '../budget.ts'

export interface MemoryInput {
  readonly operations: number
  readonly output: string
  readonly id: string
  readonly repetition?: number
}

export interface Memory<Result> {
  readonly result: Result
  /** The most that the process ever held. */
  readonly peakBytes: number
}

/** One whole round, as the child process of a run does it: record, encode, write. */
export async function memoryOfRound({ operations, output, id, repetition = 0 }: MemoryInput): Promise<Memory<Round>> {
  const store = new Store(output, id)
  const samplesName = `${repetition}.ns`
  const round = await measureRound(
    nothing,
    pointRead,
    {
      adapter: nothing.id,
      scenario: pointRead.id,
      configPath: null,
      address: null,
      nearAddress: null,
      echo: null,
      seed: SEED,
      repetition,
      order: 0,
      load: ONE_CALLER,
      scale: 1,
      roundNs: Number.MAX_SAFE_INTEGER,
      warmUpNs: 50e6,
      warmUpMostNs: 50e6,
      maxOperations: operations,
      minOperations: 1,
      samplesPath: `${store.directory}/${samplesName}`,
      samplesName,
    },
    () => undefined,
  )
  return { result: round, peakBytes: peakBytes() }
}

export interface EstimateInput {
  readonly output: string
  readonly id: string
  readonly rounds: readonly Round[]
}

/** What the parent does with the rounds of a cell: decode all, pool, estimate. */
export function memoryOfEstimates({ output, id, rounds }: EstimateInput): Memory<number> {
  const cell = new Store(output, id).estimated({
    backend: nothing.id,
    scenario: pointRead.id,
    load: ONE_CALLER,
    outcome: 'pending',
    rounds,
  })
  if (cell.outcome !== 'measured') throw new Error(`the cell is ${cell.outcome}`)
  return { result: cell.estimates.operations, peakBytes: peakBytes() }
}

/** Counted in kilobytes by libuv. */
const peakBytes = (): number => process.resourceUsage().maxRSS * 1024
