import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { SqlatencyError } from '../../bench/contract/index.ts'

/** Plain data that every session of a run is opened from. */
export interface MountAddress {
  readonly primaryFile: string
  readonly replicaFile: string
  readonly durability: 'durable' | 'relaxed'
  readonly readYourWrites: boolean
}

const CATCH_UP_MS = 30_000
const LOOK_MS = 2

/** The last transaction of a database, which LiteFS shows in a file beside it; 0 where there is none yet. */
export function transactionOf(file: string): number {
  try {
    return Number.parseInt(readFileSync(`${file}-pos`, 'utf8').split('/', 1)[0]!, 16)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw error
  }
}

/** Waits until the replica has what is in the primary now. */
export async function catchUp({ primaryFile, replicaFile }: MountAddress): Promise<void> {
  const wanted = transactionOf(primaryFile)
  const deadline = performance.now() + CATCH_UP_MS
  while (transactionOf(replicaFile) < wanted) {
    if (performance.now() > deadline)
      throw new SqlatencyError(
        'REPLICA_BEHIND',
        `The LiteFS replica did not get to transaction ${wanted} within ${CATCH_UP_MS / 1000} s.`,
      )
    await sleep(LOOK_MS)
  }
}
