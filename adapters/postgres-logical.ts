import type { AsyncSession, SessionFacts } from '../bench/contract/index.ts'
import { defineAdapter } from '../bench/contract/index.ts'
import type { LogicalAddress } from './postgres-logical/address.ts'
import { SUBSCRIPTION } from './postgres-logical/address.ts'
import type { Ends } from './postgres-logical/connect.ts'
import { endBoth, withEnds } from './postgres-logical/connect.ts'
import { definingSession } from './postgres-logical/define.ts'
import { catchUp } from './postgres-logical/position.ts'
import { replicationOf } from './postgres-logical/replication.ts'
import { subscribe } from './postgres-logical/subscribe.ts'
import { levelOf, waitsForStandby } from './postgres-standby/address.ts'
import type { Address } from './postgres/client.ts'
import { sessionOn } from './postgres/session.ts'
import { splitSession } from './replica/split.ts'
import { startPublisherAndSubscriber } from './servers/postgres-publication.ts'

const defaults = {
  /** What a commit waits for: `off` and `local` replicate asynchronously, the others wait for the subscriber. */
  synchronousCommit: 'local' as string,
  /** Whether a read waits until the subscriber has what its own session wrote. */
  readYourWrites: true,
}

/**
 * A PostgreSQL publisher and a subscriber, which is sent rows and applies them to tables of its own: reads go to the subscriber, everything
 * else to the publisher. With readYourWrites the first read after a write asks the publisher how far its subscriber is.
 */
export default defineAdapter({
  id: 'postgres-logical',
  title: 'PostgreSQL, logical replication (pg)',
  dialect: 'postgres',
  reach: 'same-host',
  traits: ['replica'],
  defaults,
  async provision({ synchronousCommit, readYourWrites }, scope) {
    const level = levelOf(synchronousCommit)
    const pair = await startPublisherAndSubscriber(scope, waitsForStandby(level) ? SUBSCRIPTION : null)
    const at = (url: string): Address => ({ url, via: null, durability: level === 'off' ? 'relaxed' : 'durable' })
    const address: LogicalAddress = {
      publisher: at(pair.publisherUrl),
      subscriber: at(pair.subscriberUrl),
      level,
      readYourWrites,
    }
    await subscribe(address, pair.connection)
    await pair.follows()
    return { address, distance: null, servers: pair.servers, external: false }
  },
  connect: (address: LogicalAddress): Promise<AsyncSession> =>
    withEnds(address, async (ends) => {
      const { level, readYourWrites } = address
      await catchUp(ends, level)
      const session = splitSession({
        replica: sessionOn(ends.subscriber),
        primary: definingSession(sessionOn(ends.publisher), ends, level),
        readYourWrites,
        catchUp: () => catchUp(ends, level),
      })
      return { ...session, facts: async () => factsOf(await session.facts(), ends) }
    }),
  connectPrimary: (address: LogicalAddress): Promise<AsyncSession> =>
    withEnds(address, (ends) => ({
      ...definingSession(sessionOn(ends.publisher), ends, address.level),
      close: () => endBoth(ends),
    })),
  replication: replicationOf,
})

/** Those of the publisher, where writes are committed, and what makes the other one a subscriber. */
async function factsOf(facts: SessionFacts, { publisher, subscriber }: Ends): Promise<SessionFacts> {
  const { rows: senders } = await publisher.query<{ sync_state: string }>(
    `SELECT sync_state FROM pg_stat_replication WHERE application_name = '${SUBSCRIPTION}'`,
  )
  const { rows } = await subscriber.query<{ enabled: boolean; level: string }>(
    `SELECT subenabled AS enabled, subsynccommit AS level FROM pg_subscription WHERE subname = '${SUBSCRIPTION}'`,
  )
  return {
    ...facts,
    settings: {
      ...facts.settings,
      sync_state: senders[0]?.sync_state ?? null,
      reads_at_subscriber: rows[0]?.enabled ?? false,
      subscriber_synchronous_commit: rows[0]?.level ?? null,
    },
  }
}
