import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { openClient } from '../postgres/client.ts'
import type { Change, Definition } from './change.ts'
import type { Copy, Position } from './copy.ts'
import type { FeederTask } from './feeder.ts'
import { FEED_SCHEMA } from './publish.ts'

/** Rows that are held at once. More of them still make one transaction. */
const PAGE_ROWS = 2000

/**
 * What the moment of this statement shows and an earlier one ($1) did not. Neither numbers nor times tell: both are given before
 * the commit, so a transaction that commits late would bring rows below what has been read, and they would be lost. Rows of a
 * transaction that was in progress at $1 are found here whenever it commits. $3: no later than the first page.
 */
const READ = `
WITH fresh AS MATERIALIZED (
  SELECT number, kind, "table", key, row FROM ${FEED_SCHEMA}.change
  WHERE xid >= pg_snapshot_xmin($1::pg_snapshot) AND NOT pg_visible_in_snapshot(xid, $1::pg_snapshot)
    AND number > $2 AND pg_visible_in_snapshot(xid, coalesce($3::pg_snapshot, pg_current_snapshot())))
SELECT pg_current_snapshot()::text AS snapshot, number, kind, "table", key, row FROM (SELECT) one LEFT JOIN (SELECT * FROM fresh ORDER BY number LIMIT ${PAGE_ROWS}) page ON true ORDER BY number`

/** What every consumer has had is of no use any more. */
const CLEAR = `
WITH had AS (UPDATE ${FEED_SCHEMA}.consumer SET seen = $2 WHERE name = $1)
DELETE FROM ${FEED_SCHEMA}.change WHERE xid < (SELECT min(pg_snapshot_xmin(seen)) FROM ${FEED_SCHEMA}.consumer)`

interface Noted {
  readonly snapshot: string
  /** Null: there was nothing. */
  readonly number: number | null
  readonly kind: Exclude<Change['kind'], Definition['kind']> | 'definition'
  readonly table: string
  readonly key: string
  readonly row: string
}

/**
 * Asks the log of changes at intervals. A poll brings the file from one moment of PostgreSQL to a later one, as a whole. Positions are
 * snapshots.
 * @returns when the first poll is done; the rest goes on
 */
export async function poll(task: FeederTask, copy: Copy, fail: (error: Error) => void): Promise<void> {
  const client = await openClient(task.primary)
  // Of its own bookkeeping alone; if it were lost, something would be kept for longer.
  await client.query('SET synchronous_commit = off')
  await step(client, task, copy)
  const goOn = async (): Promise<never> => {
    for (;;) {
      const begunMs = performance.now()
      await step(client, task, copy)
      await sleep(Math.max(0, begunMs + task.pollIntervalMs - performance.now()))
    }
  }
  goOn().catch(fail)
}

async function step(client: Client, { consumer }: FeederTask, copy: Copy): Promise<void> {
  const from = copy.position
  let rows = await read(client, from, 0, null)
  const upTo = rows[0]!.snapshot
  let last = 0
  for (;;) {
    const noted = rows.filter(({ number }) => number !== null)
    for (const one of noted) copy.apply(changeOf(one))
    last = noted.at(-1)?.number ?? last
    if (noted.length < PAGE_ROWS) break
    rows = await read(client, from, last, upTo)
  }
  if (upTo === from) return
  copy.commit(upTo)
  if (last > 0) await client.query({ name: 'clear', text: CLEAR, values: [consumer, upTo] })
}

async function read(client: Client, from: Position, after: number, upTo: string | null): Promise<Noted[]> {
  const { rows } = await client.query<Noted>({ name: 'read', text: READ, values: [from, after, upTo] })
  return rows
}

function changeOf({ kind, row, ...rest }: Noted): Change {
  const told = (row === null ? null : JSON.parse(row)) as never
  return kind === 'definition' ? told : { kind, ...rest, row: told }
}
