import { setImmediate as yieldToEvents } from 'node:timers/promises'
import type { Client } from 'pg'
import { SqlatencyError } from '../../bench/contract/index.ts'

/** Positions are bytes since the beginning of the write-ahead log. */
export const WRITTEN = "pg_current_wal_insert_lsn() - '0/0'"
export const REPLAYED = "pg_last_wal_replay_lsn() - '0/0'"

const PAGE = 8192
/** Headers of a page of the log: 24 bytes, 40 on the first of a segment. */
const LONGEST_HEADER = 40
const CATCH_UP_MS = 30_000

/**
 * Where a record ends that was written up to here. Between two pages the primary names the place after the next page's
 * header and the standby the place before it, so that a standby that has everything would seem some bytes behind.
 */
export function endOfRecord(position: number): number {
  const intoPage = position % PAGE
  return intoPage <= LONGEST_HEADER ? position - intoPage : position
}

/** Waits until the standby has replayed what the primary has written by now. It is asked again and again: PostgreSQL 18 cannot be told to wait. */
export async function catchUp(primary: Client, standby: Client): Promise<void> {
  const wanted = endOfRecord(await ask(primary, `SELECT ${WRITTEN} AS position`))
  const deadline = performance.now() + CATCH_UP_MS
  while ((await ask(standby, `SELECT ${REPLAYED} AS position`)) < wanted) {
    if (performance.now() > deadline)
      throw new SqlatencyError(
        'REPLICA_BEHIND',
        `The standby did not replay within ${CATCH_UP_MS / 1000} s what its primary had written.`,
      )
    await yieldToEvents()
  }
}

async function ask(client: Client, text: string): Promise<number> {
  const { rows } = await client.query<{ position: number }>(text)
  return rows[0]!.position
}
