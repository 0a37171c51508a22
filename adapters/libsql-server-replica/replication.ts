import type { LagReader, LagWriter } from '../../bench/contract/index.ts'
import { openPipeline } from '../libsql/pipeline.ts'
import { markerWriter } from '../libsql/replication.ts'
import type { PairAddress } from './address.ts'

const MECHANISM = 'frames over gRPC, fetched by the replica as the primary announces them'
const EXPECTED_NS = 3e6

/** Positions are frame numbers, counted alike on both sides; every answer of a server carries its own. */
export const replicationOf = {
  mechanism: MECHANISM,
  positionUnit: 'frames',
  expectedLagNs: EXPECTED_NS,

  configured: ({ rttNs }: PairAddress) => ({
    mechanism: MECHANISM,
    // The announcement and the frames it leads to: there, back and there again.
    expectedLagNs: EXPECTED_NS + rttNs * 1.5,
  }),

  writer: ({ primary }: PairAddress): Promise<LagWriter> =>
    Promise.resolve(markerWriter(primary.primaryUrl, primary.authToken)),

  reader({ replica }: PairAddress): Promise<LagReader> {
    const pipeline = openPipeline(replica.primaryUrl, replica.authToken)
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
