import { setImmediate as yieldToEvents, setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { SqlatencyError } from '../../bench/contract/index.ts'
import type { Follower } from '../replica/follower.ts'
import { openFollower } from '../replica/follower.ts'
import type { HybridAddress } from './address.ts'
import type { Position } from './copy.ts'
import { READ_STATE } from './copy.ts'
import { refuseDeadFeeder } from './feeder.ts'
import { POSITIONS } from './positions.ts'
import { openPrimary } from './primary.ts'

const CATCH_UP_MS = 60_000
/** A slot sends at once: it is looked for again and again. A poll comes when it comes. */
const BUSY_MS = 5
const LOOK_MS = 1

export interface State {
  readonly position: Position
  /** `PRAGMA synchronous` of the feeder's connection, by its number. */
  readonly synchronous: number
}

export function stateReader(follower: Follower): () => State {
  const read = follower.prepare(READ_STATE)
  return () => read([])[0] as unknown as State
}

/** Waits until the SQLite file has what PostgreSQL has acknowledged by now. */
export async function catchUp(client: Client, state: () => State, address: HybridAddress): Promise<void> {
  const hasAll = await POSITIONS[address.feed].acknowledged(client, address)
  const begunMs = performance.now()
  while (!hasAll(state().position)) {
    refuseDeadFeeder(address)
    const waitedMs = performance.now() - begunMs
    if (waitedMs > CATCH_UP_MS)
      throw new SqlatencyError(
        'REPLICA_BEHIND',
        `The SQLite file did not get within ${CATCH_UP_MS / 1000} s what PostgreSQL had written.`,
      )
    await (address.feed === 'logical' && waitedMs < BUSY_MS ? yieldToEvents() : sleep(LOOK_MS))
  }
}

/** The SQLite file with all that there is by now. */
export async function openCaughtUp(address: HybridAddress): Promise<Follower> {
  const client = await openPrimary(address.primary)
  const follower = openFollower(address.file)
  try {
    await catchUp(client, stateReader(follower), address)
    return follower
  } catch (error) {
    follower.close()
    throw error
  } finally {
    await client.end()
  }
}
