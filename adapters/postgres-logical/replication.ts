import type { LagReader, LagWriter } from '../../bench/contract/index.ts'
import { waitsForStandby } from '../postgres-standby/address.ts'
import { endOfRecord, WRITTEN } from '../postgres-standby/position.ts'
import type { LogicalAddress } from './address.ts'
import { applyLevel, SUBSCRIPTION } from './address.ts'
import { openPublisher, openSubscriber } from './connect.ts'

/** `off` waits for wal_writer_delay (200 ms) to pass before anything is sent. */
const EXPECTED_NS = { flushed: 1e6, off: 100e6 }

/** The name under which a server keeps how far a subscription has come. */
const ORIGIN = `(SELECT 'pg_' || oid FROM pg_subscription WHERE subname = '${SUBSCRIPTION}')`

/**
 * The position of a write is taken within it: its commit comes later in the log, whoever else writes. That of the subscriber is the end of the last commit
 * that it has applied, and moves a moment before that can be read; so a subscriber that shows the marker is past it.
 */
export const replicationOf = {
  mechanism: 'logical replication',
  positionUnit: 'bytes',
  expectedLagNs: EXPECTED_NS.flushed,

  configured({ level }: LogicalAddress) {
    const waits = waitsForStandby(level) ? 'a commit waits for the subscriber' : 'no commit waits for the subscriber'
    return {
      mechanism: `logical replication, synchronous_commit = ${level}, ${applyLevel(level)} where it is applied: ${waits}`,
      expectedLagNs: level === 'off' ? EXPECTED_NS.off : EXPECTED_NS.flushed,
    }
  },

  async writer(address: LogicalAddress): Promise<LagWriter> {
    const client = await openPublisher(address)
    const text = `INSERT INTO sqlatency_marker (id, seq) VALUES ($1, $2) RETURNING ${WRITTEN} AS position`
    return {
      async write(marker) {
        const { rows } = await client.query<{ position: number }>({ name: 'mark', text, values: [marker, marker] })
        return endOfRecord(rows[0]!.position)
      },
      close: () => client.end(),
    }
  },

  async reader(address: LogicalAddress): Promise<LagReader> {
    const client = await openSubscriber(address)
    const { rows: origins } = await client.query<{ name: string }>(`SELECT ${ORIGIN} AS name`)
    const text = `SELECT EXISTS (SELECT 1 FROM sqlatency_marker WHERE id = $1) AS visible,
      pg_replication_origin_progress($2, false) - '0/0' AS position`
    return {
      async poll(marker) {
        const { rows } = await client.query<{ visible: boolean; position: number | null }>({
          name: 'look',
          text,
          values: [marker, origins[0]!.name],
        })
        return rows[0]!
      },
      close: () => client.end(),
    }
  },
} as const
