import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import type { Scope } from '../../bench/contract/index.ts'
import { SqlatencyError } from '../../bench/contract/index.ts'
import type { ServerProcess } from './process.ts'

const STREAMING_TIMEOUT_MS = 20_000

/** Settles when another server receives what the primary writes. Until then a commit that waits would wait for ever. */
export async function streaming(primaryUrl: string, follower: ServerProcess, scope: Scope): Promise<void> {
  const client = new Client({ connectionString: primaryUrl })
  await client.connect()
  try {
    const deadline = performance.now() + STREAMING_TIMEOUT_MS
    for (;;) {
      const { rowCount } = await client.query("SELECT 1 FROM pg_stat_replication WHERE state = 'streaming'")
      if (rowCount === 1) return
      scope.signal.throwIfAborted()
      if (performance.now() > deadline || !follower.isRunning()) {
        const said = follower.log().trim().split('\n').slice(-3).join(' | ')
        throw new SqlatencyError(
          'SERVER_NOT_READY',
          `The second PostgreSQL server does not follow the first; it said: ${said}`,
        )
      }
      await sleep(10)
    }
  } finally {
    await client.end()
  }
}
