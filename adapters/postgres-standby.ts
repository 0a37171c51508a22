import type { Client } from 'pg'
import type { AsyncSession, SessionFacts } from '../bench/contract/index.ts'
import { defineAdapter } from '../bench/contract/index.ts'
import type { PairAddress } from './postgres-standby/address.ts'
import { levelOf, waitsForStandby } from './postgres-standby/address.ts'
import { openPrimary, openStandby } from './postgres-standby/connect.ts'
import { catchUp } from './postgres-standby/position.ts'
import { replicationOf } from './postgres-standby/replication.ts'
import type { Address } from './postgres/client.ts'
import { sessionOn } from './postgres/session.ts'
import { splitSession } from './replica/split.ts'
import { startPostgresPair } from './servers/postgres-pair.ts'

const defaults = {
  /** What a commit waits for: `off` and `local` replicate asynchronously, the others wait for the standby. */
  synchronousCommit: 'local' as string,
  /** Whether a read waits until the standby has what its own session wrote. */
  readYourWrites: true,
}

/**
 * A PostgreSQL primary and a streaming standby: reads go to the standby, everything else to the primary. With readYourWrites
 * the first read after a write asks the primary for its position and the standby whether it has replayed it.
 */
export default defineAdapter({
  id: 'postgres-standby',
  title: 'PostgreSQL, streaming standby (pg)',
  dialect: 'postgres',
  reach: 'same-host',
  traits: ['replica'],
  defaults,
  async provision({ synchronousCommit, readYourWrites }, scope) {
    const level = levelOf(synchronousCommit)
    const { primaryUrl, standbyUrl, servers } = await startPostgresPair(scope, waitsForStandby(level))
    const at = (url: string): Address => ({ url, via: null, durability: level === 'off' ? 'relaxed' : 'durable' })
    const address: PairAddress = { primary: at(primaryUrl), standby: at(standbyUrl), level, readYourWrites }
    return { address, distance: null, servers, external: false }
  },
  async connect(address: PairAddress): Promise<AsyncSession> {
    const primary = await openPrimary(address)
    const standby = await openStandby(address).catch((error: unknown) => endThenThrow(primary, error))
    try {
      await catchUp(primary, standby)
    } catch (error) {
      await standby.end()
      return endThenThrow(primary, error)
    }
    const session = splitSession({
      replica: sessionOn(standby),
      primary: sessionOn(primary),
      readYourWrites: address.readYourWrites,
      catchUp: () => catchUp(primary, standby),
    })
    return { ...session, facts: async () => factsOf(await session.facts(), primary, standby) }
  },
  connectPrimary: async (address: PairAddress) => sessionOn(await openPrimary(address)),
  replication: replicationOf,
})

/** Those of the primary, where writes are committed, and what makes the other one a standby. */
async function factsOf(facts: SessionFacts, primary: Client, standby: Client): Promise<SessionFacts> {
  const { rows: senders } = await primary.query<{ sync_state: string }>('SELECT sync_state FROM pg_stat_replication')
  const { rows } = await standby.query<{ standby: boolean }>('SELECT pg_is_in_recovery() AS standby')
  return {
    ...facts,
    settings: { ...facts.settings, sync_state: senders[0]?.sync_state ?? null, reads_at_standby: rows[0]!.standby },
  }
}

async function endThenThrow(client: Client, error: unknown): Promise<never> {
  await client.end()
  throw error
}
