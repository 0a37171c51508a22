import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { SqlatencyError } from '../../bench/contract/index.ts'
import { askLitestream } from '../servers/litestream-socket.ts'
import type { FollowerAddress } from './address.ts'

const CATCH_UP_MS = 30_000
const LOOK_MS = 2

/** The last transaction that the follower holds; written beside its file after every step. */
export function followedTo(followerFile: string): number {
  return Number.parseInt(readFileSync(`${followerFile}-txid`, 'utf8'), 16)
}

/** Waits until the follower has what is in the primary now. The copying process is told to look at once, and names its last transaction. */
export async function catchUp({ primaryFile, followerFile, socket }: FollowerAddress): Promise<void> {
  await askLitestream(socket, 'POST', '/sync', { path: primaryFile, wait: true })
  const { txid } = await askLitestream(socket, 'GET', `/txid?path=${encodeURIComponent(primaryFile)}`)
  const wanted = Number(txid)
  const deadline = performance.now() + CATCH_UP_MS
  while (followedTo(followerFile) < wanted) {
    if (performance.now() > deadline)
      throw new SqlatencyError(
        'REPLICA_BEHIND',
        `The follower did not get to transaction ${wanted} within ${CATCH_UP_MS / 1000} s.`,
      )
    await sleep(LOOK_MS)
  }
}
