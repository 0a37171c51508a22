import type { Client } from 'pg'
import { endOfRecord } from '../postgres-standby/position.ts'
import type { Feed, HybridAddress } from './address.ts'
import type { Position } from './copy.ts'
import { covers, xmaxOf } from './snapshot.ts'

/** What a feed's positions mean to those who wait for them. */
interface Positions {
  readonly unit: 'bytes' | 'transactions'
  /** SQL, within a write: a position without which that write is not in the file. */
  readonly ofWrite: string
  /** The same as a number, of the file. */
  numberOf(position: Position): number
  /** Asks PostgreSQL what it has acknowledged by now. @returns whether a position of the file has all of that */
  acknowledged(client: Client, address: HybridAddress): Promise<(position: Position) => boolean>
}

export const POSITIONS: Readonly<Record<Feed, Positions>> = {
  logical: {
    unit: 'bytes',
    // The commit comes later in the log, whoever else writes.
    ofWrite: "pg_current_wal_insert_lsn() - '0/0'",
    numberOf: (position) => position as number,
    async acknowledged(client, { primary }) {
      // A durable commit is flushed when it is acknowledged, and nothing else is sent.
      const end = primary.durability === 'durable' ? 'pg_current_wal_flush_lsn' : 'pg_current_wal_insert_lsn'
      const wanted = endOfRecord((await ask(client, `SELECT ${end}() - '0/0' AS position`)) as number)
      return (position) => (position as number) >= wanted
    },
  },
  polling: {
    unit: 'transactions',
    ofWrite: 'pg_current_xact_id()::text::bigint + 1',
    numberOf: (position) => xmaxOf(position as string),
    async acknowledged(client) {
      const wanted = (await ask(client, 'SELECT pg_current_snapshot()::text AS position')) as string
      return (position) => covers(position as string, wanted)
    },
  },
}

async function ask(client: Client, text: string): Promise<Position> {
  const { rows } = await client.query<{ position: Position }>(text)
  return rows[0]!.position
}
