import { setImmediate as yieldToEvents } from 'node:timers/promises'
import { SqlatencyError } from '../../bench/contract/index.ts'
import { openPipeline } from '../libsql/pipeline.ts'
import type { PairAddress } from './address.ts'

const CATCH_UP_MS = 60_000

/** Connections on which both servers are asked for their frames. */
export interface Frames {
  /** Waits until the replica has the frames that the primary has by now. Asked again and again: a server cannot be told to wait. */
  catchUp(patienceMs?: number): Promise<void>
  close(): void
}

export function openFrames(address: PairAddress): Frames {
  const primary = openPipeline(address.primary.primaryUrl, address.primary.authToken)
  const replica = openPipeline(address.replica.primaryUrl, address.replica.authToken)
  return {
    async catchUp(patienceMs = CATCH_UP_MS) {
      const { frame: wanted } = await primary.execute('SELECT 1')
      // A primary without any frame has nothing to bring over.
      if (wanted === null) return
      const deadline = performance.now() + patienceMs
      while (((await replica.execute('SELECT 1')).frame ?? -1) < wanted) {
        if (performance.now() > deadline)
          throw new SqlatencyError(
            'REPLICA_BEHIND',
            `The libsql-server replica did not fetch within ${patienceMs / 1000} s what its primary had written.`,
          )
        await yieldToEvents()
      }
    },
    close() {
      primary.close()
      replica.close()
    },
  }
}
