import type { LagReader, LagWriter } from '../../bench/contract/index.ts'
import type { PairAddress } from './address.ts'
import { waitsForStandby } from './address.ts'
import { openPrimary, openStandby } from './connect.ts'
import { endOfRecord, REPLAYED, WRITTEN } from './position.ts'

/** `off` waits for wal_writer_delay (200 ms) to pass before anything is sent. */
const EXPECTED_NS = { flushed: 1e6, off: 100e6 }

/**
 * The position of a write is taken within it: its commit comes later in the log, whoever else writes, so a standby
 * that shows the marker has replayed past it.
 */
export const replicationOf = {
  mechanism: 'streaming replication',
  positionUnit: 'bytes',
  expectedLagNs: EXPECTED_NS.flushed,

  configured({ level, rttNs }: PairAddress) {
    const waits = waitsForStandby(level) ? 'a commit waits for the standby' : 'no commit waits for the standby'
    return {
      mechanism: `streaming replication, synchronous_commit = ${level}: ${waits}`,
      // What a commit writes is half a round trip under way.
      expectedLagNs: (level === 'off' ? EXPECTED_NS.off : EXPECTED_NS.flushed) + rttNs / 2,
    }
  },

  async writer(address: PairAddress): Promise<LagWriter> {
    const client = await openPrimary(address)
    const text = `INSERT INTO sqlatency_marker (id, seq) VALUES ($1, $2) RETURNING ${WRITTEN} AS position`
    return {
      async write(marker) {
        const { rows } = await client.query<{ position: number }>({ name: 'mark', text, values: [marker, marker] })
        return endOfRecord(rows[0]!.position)
      },
      close: () => client.end(),
    }
  },

  async reader(address: PairAddress): Promise<LagReader> {
    const client = await openStandby(address)
    const text = `SELECT EXISTS (SELECT 1 FROM sqlatency_marker WHERE id = $1) AS visible, ${REPLAYED} AS position`
    return {
      async poll(marker) {
        const { rows } = await client.query<{ visible: boolean; position: number }>({
          name: 'look',
          text,
          values: [marker],
        })
        return rows[0]!
      },
      close: () => client.end(),
    }
  },
} as const
