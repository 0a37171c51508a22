import { withClient } from '../postgres/client.ts'
import type { Position } from './copy.ts'
import type { FeederTask } from './feeder.ts'
import { FEED_SCHEMA } from './publish.ts'

const GAP = {
  logical: "SELECT confirmed_flush_lsn - '0/0' > $2 AS gap FROM pg_replication_slots WHERE slot_name = $1",
  polling: `SELECT pg_snapshot_xmin(seen) > pg_snapshot_xmin($2) AS gap FROM ${FEED_SCHEMA}.consumer WHERE name = $1`,
} as const

/** A file that lost its last transactions, with the power or by going back to an old copy, must not be fed on from what came after. */
export async function checkKept({ feed, primary, consumer }: FeederTask, position: Position): Promise<void> {
  const { rows } = await withClient(primary, (client) =>
    client.query<{ gap: boolean }>(GAP[feed], [consumer, position]),
  )
  if (rows[0]?.gap === false) return
  throw new Error(
    rows.length === 0
      ? `PostgreSQL knows no consumer ${consumer}`
      : 'the SQLite file is older than what PostgreSQL has kept for it, so it has to be made anew',
  )
}
