import type { Client } from 'pg'
import type { AsyncSession } from '../bench/contract/index.ts'
import { defineAdapter } from '../bench/contract/index.ts'
import { distanceOptions } from './distance/options.ts'
import type { PairAddress } from './postgres-standby/address.ts'
import { openPrimary, openStandby } from './postgres-standby/connect.ts'
import { settingsOf } from './postgres-standby/facts.ts'
import { catchUp } from './postgres-standby/position.ts'
import { provision } from './postgres-standby/provision.ts'
import { replicationOf } from './postgres-standby/replication.ts'
import { sessionOn } from './postgres/session.ts'
import { splitSession } from './replica/split.ts'

const defaults = {
  /** Of a primary that is there already, together with `standbyUrl`. Null: both are started here. */
  url: null as string | null,
  /** Of a streaming standby of that primary. */
  standbyUrl: null as string | null,
  /** What a commit waits for: `off` and `local` replicate asynchronously, the others wait for the standby. */
  synchronousCommit: 'local' as string,
  /** Whether a read waits until the standby has what its own session wrote. */
  readYourWrites: true,
  /** Between the primary and everything else: the standby stands beside the application. */
  ...distanceOptions,
}

/**
 * A PostgreSQL primary and a streaming standby: reads go to the standby, everything else to the primary. With readYourWrites
 * the first read after a write asks the primary for its position and the standby whether it has replayed it.
 * There is no `move`: a standby has the one distance that it follows from, and several of one primary would replay each other's
 * writes while one is measured, and share out whom a commit waits for.
 */
export default defineAdapter({
  id: 'postgres-standby',
  title: 'PostgreSQL, streaming standby (pg)',
  dialect: 'postgres',
  reach: 'same-host',
  traits: ['replica'],
  defaults,
  secrets: ['url', 'standbyUrl'],
  provision: (options, scope) => provision(options, scope),
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
    return {
      ...session,
      async facts() {
        const facts = await session.facts()
        return { ...facts, settings: { ...facts.settings, ...(await settingsOf(primary, standby)) } }
      },
    }
  },
  /** From beside the primary, however far the application is. */
  connectPrimary: async (address: PairAddress) =>
    sessionOn(await openPrimary({ ...address, primary: { ...address.primary, via: null } })),
  replication: replicationOf,
})

async function endThenThrow(client: Client, error: unknown): Promise<never> {
  await client.end()
  throw error
}
