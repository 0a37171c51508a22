import type { AsyncSession, Durability } from '../bench/contract/index.ts'
import { defineAdapter } from '../bench/contract/index.ts'
import type { Address } from './postgres/client.ts'
import { endpoint, openClient } from './postgres/client.ts'
import { dropLater, settle } from './postgres/schema.ts'
import { sessionOn } from './postgres/session.ts'
import { startPostgres } from './servers/postgres-server.ts'
import { startRelay } from './servers/relay.ts'

type PostgresOptions = {
  /** Of a database that is there already. Null: a server is started here. */
  readonly url: string | null
  /** Distance to put in between, milliseconds. */
  readonly rttMs: number
  readonly durability: string
}

const defaults: PostgresOptions = { url: null, rttMs: 0, durability: 'durable' }

/** PostgreSQL through `pg`, in a schema of its own. */
export default defineAdapter({
  id: 'postgres',
  title: 'PostgreSQL (pg)',
  dialect: 'postgres',
  reach: 'same-host',
  defaults,
  secrets: ['url'],
  async provision({ url: given, rttMs, durability }, scope) {
    const server = given === null ? await startPostgres(scope) : null
    const address: Address = { url: given ?? server!.url, relayPort: null, durability: durability as Durability }
    if (server === null) await dropLater(address, scope)
    const relay =
      rttMs === 0 ? null : await startRelay({ ...endpoint(address), rttMs, name: 'PostgreSQL relay' }, scope)
    return {
      address: { ...address, relayPort: relay?.port ?? null },
      distance: relay?.distance ?? null,
      servers: [
        ...(server === null ? [] : [server.facts]),
        ...(relay === null ? [] : [{ name: 'relay', version: process.version, cpus: scope.serverCpus }]),
      ],
      external: server === null,
    }
  },
  async connect(address: Address): Promise<AsyncSession> {
    const client = await openClient(address)
    try {
      await settle(client, address.durability)
    } catch (error) {
      await client.end()
      throw error
    }
    return sessionOn(client)
  },
})
