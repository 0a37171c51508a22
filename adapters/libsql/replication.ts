import type { LagReader, LagWriter } from '../../bench/contract/index.ts'
import type { Address } from './address.ts'
import { plainError } from './errors.ts'
import { openPipeline } from './pipeline.ts'
import { closeReplica, openReplica } from './session.ts'

/** What one sync takes, roughly. */
const SYNC_NS = 3_000_000

/**
 * Positions are frame numbers. `replication_index` of a write is the number of its last frame, counted from 0, and
 * `frame_no` of `sync()` is the number of the last frame that the replica holds: a replica shows a write once
 * `frame_no >= replication_index`, with nothing to add or take away. Seen on libsql-server 0.24.32 with libsql 0.5.
 */
export const replicationOf = {
  mechanism: 'sync() before every read, or in the background every syncIntervalMs where that is set',
  positionUnit: 'frames',
  expectedLagNs: SYNC_NS,

  configured({ syncIntervalMs }: Address) {
    return syncIntervalMs === 0
      ? { mechanism: 'sync() before every read', expectedLagNs: SYNC_NS }
      : {
          mechanism: `a sync in the background every ${syncIntervalMs} ms`,
          expectedLagNs: (syncIntervalMs / 2) * 1e6 + SYNC_NS,
        }
  },

  writer: ({ syncUrl, authToken }: Address): Promise<LagWriter> => Promise.resolve(markerWriter(syncUrl, authToken)),

  async reader(address: Address): Promise<LagReader> {
    const client = await openReplica(address, address.lagFile)
    const syncs = address.syncIntervalMs === 0
    const statement = { sql: 'SELECT 1 FROM sqlatency_marker WHERE id = ?', args: [0] }
    return {
      async poll(marker) {
        statement.args[0] = marker
        try {
          const replicated = syncs ? await client.sync() : undefined
          const { rows } = await client.execute(statement)
          return { visible: rows.length > 0, position: replicated?.frame_no ?? null }
        } catch (error) {
          throw plainError(error)
        }
      },
      close: () => closeReplica(client, address),
    }
  },
} as const

/** Writes at the primary itself, for @libsql/client drops `replication_index`. */
export function markerWriter(primaryUrl: string, authToken: string | null): LagWriter {
  const pipeline = openPipeline(primaryUrl, authToken)
  return {
    async write(marker) {
      const { frame } = await pipeline.execute('INSERT INTO sqlatency_marker (id, seq) VALUES (?, ?)', [marker, marker])
      return frame
    },
    close() {
      pipeline.close()
      return Promise.resolve()
    },
  }
}
