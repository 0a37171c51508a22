import { defineAdapter } from '../bench/contract/index.ts'
import { distanceOptions } from './distance/options.ts'
import type { HybridAddress } from './postgres-to-sqlite/address.ts'
import { openPrimary } from './postgres-to-sqlite/primary.ts'
import { move, provision } from './postgres-to-sqlite/provision.ts'
import { replicationOf } from './postgres-to-sqlite/replication.ts'
import { openSession } from './postgres-to-sqlite/session.ts'
import { sessionOn } from './postgres/session.ts'

const defaults = {
  /** `logical`: from a replication slot, as it is committed. `polling`: from a log of changes that triggers write, at intervals. */
  feed: 'logical' as string,
  /** From poll to poll. Ten queries a second are nothing to a server; Kafka Connect's JDBC source asks every 5,000 ms by default. */
  pollIntervalMs: 100,
  /** Of writes. */
  durability: 'durable' as string,
  /** Whether a read waits until the SQLite file has what its own session wrote. */
  readYourWrites: true,
  /** Between PostgreSQL and the application with its SQLite file. */
  ...distanceOptions,
}

/**
 * PostgreSQL as the source of truth and a SQLite file in the application's process that follows it: statements that only read are
 * answered there, everything else, and every transaction, goes to PostgreSQL. A process beside the application feeds the file.
 */
export default defineAdapter({
  id: 'postgres-to-sqlite',
  title: 'PostgreSQL feeding SQLite',
  dialect: 'postgres',
  reach: 'in-process',
  traits: ['replica'],
  defaults,
  provision,
  move,
  connect: openSession,
  /** From beside PostgreSQL, however far the application is. */
  connectPrimary: async ({ primary }: HybridAddress) => sessionOn(await openPrimary({ ...primary, via: null })),
  replication: replicationOf,
})
