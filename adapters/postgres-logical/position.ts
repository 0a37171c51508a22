import { setImmediate as yieldToEvents } from 'node:timers/promises'
import { SqlatencyError } from '../../bench/contract/index.ts'
import { endOfRecord, WRITTEN } from '../postgres-standby/position.ts'
import type { Level } from '../postgres-standby/address.ts'
import { SUBSCRIPTION } from './address.ts'
import type { Ends } from './connect.ts'

/** Positions are bytes since the beginning of the publisher's write-ahead log. */
const FLUSHED = "pg_current_wal_flush_lsn() - '0/0'"

/**
 * What the subscriber has told its publisher: it does so after its own commit, so up to there everything can be read. What can be asked at the subscriber
 * is no such promise: `remote_lsn` moves before the commit is flushed and seen, `received_lsn` before anything is applied, and
 * `latest_end_lsn` only when the publisher happens to ask. While a subscriber connects anew, its last connection may be listed too: what
 * was told over that one holds.
 */
const REPORTED = `(SELECT max(replay_lsn) - '0/0' FROM pg_stat_replication WHERE application_name = '${SUBSCRIPTION}')`

const CATCH_UP_MS = 30_000

/** Waits until everything that the publisher has acknowledged can be read at the subscriber. */
export async function catchUp({ publisher, subscriber }: Ends, level: Level): Promise<void> {
  // With `off`, what was acknowledged may not have been flushed; with the others, what was not flushed has nobody waiting for it.
  const now = await ask(level === 'off' ? WRITTEN : FLUSHED)
  const wanted = level === 'off' ? endOfRecord(now!) : now!
  const deadline = performance.now() + CATCH_UP_MS
  for (;;) {
    const reported = await ask(REPORTED)
    if (reported !== null && reported >= wanted) return
    if (performance.now() > deadline)
      throw new SqlatencyError(
        'REPLICA_BEHIND',
        `The subscriber did not apply within ${CATCH_UP_MS / 1000} s what its publisher had written.`,
      )
    if (reported === null) await subscriber.query('SELECT 1').catch(gone)
    await yieldToEvents()
  }

  async function ask(expression: string): Promise<number | null> {
    const text = `SELECT ${expression} AS position`
    const { rows } = await publisher.query<{ position: number | null }>(text)
    return rows[0]!.position
  }
}

function gone(cause: Error): never {
  throw new SqlatencyError('UNREACHABLE', `The connection to the subscriber was lost: ${cause.message}.`, {}, { cause })
}
