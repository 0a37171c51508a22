import type { LagReader, LagWriter } from '../../bench/contract/index.ts'
import { openPipeline } from '../libsql/pipeline.ts'
import { markerWriter } from '../libsql/replication.ts'
import type { PairAddress } from './address.ts'

/** Positions are frame numbers, counted alike on both sides; every answer of a server carries its own. */
export const replicationOf = {
  mechanism: 'frames over gRPC, fetched by the replica as the primary announces them',
  positionUnit: 'frames',
  expectedLagNs: 3_000_000,

  writer: ({ primaryUrl }: PairAddress): Promise<LagWriter> => Promise.resolve(markerWriter(primaryUrl, null)),

  reader({ replicaUrl }: PairAddress): Promise<LagReader> {
    const pipeline = openPipeline(replicaUrl, null)
    return Promise.resolve({
      async poll(marker) {
        const { first, frame } = await pipeline.execute('SELECT 1 FROM sqlatency_marker WHERE id = ?', [marker])
        return { visible: first !== null, position: frame }
      },
      close() {
        pipeline.close()
        return Promise.resolve()
      },
    })
  },
} as const
