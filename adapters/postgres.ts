import type { AsyncSession, Durability, Provisioned, Scope } from '../bench/contract/index.ts'
import { defineAdapter } from '../bench/contract/index.ts'
import type { DockerOptions } from './docker/options.ts'
import { dockerOptions, inContainer, refuseUrlAndImage } from './docker/options.ts'
import { handshakeNs } from './distance/handshake.ts'
import { startDistance } from './distance/index.ts'
import { distanceOptions } from './distance/options.ts'
import type { Address } from './postgres/client.ts'
import { endpoint, isDialled, openClient } from './postgres/client.ts'
import { dropLater, settle } from './postgres/schema.ts'
import { sessionOn } from './postgres/session.ts'
import type { PostgresServer } from './servers/postgres-server.ts'
import { startPostgres } from './servers/postgres-server.ts'

const defaults = {
  /** Of a database that is there already. Null: a server is started here. */
  url: null as string | null,
  durability: 'durable',
  ...dockerOptions,
  ...distanceOptions,
}

/** PostgreSQL through `pg`, in a schema of its own. */
export default defineAdapter({
  id: 'postgres',
  title: 'PostgreSQL (pg)',
  dialect: 'postgres',
  reach: 'same-host',
  defaults,
  secrets: ['url'],
  async provision(options, scope) {
    refuseUrlAndImage('postgres', options)
    const server = options.url === null ? await start(options, scope) : null
    const address: Address = {
      url: options.url ?? server!.url,
      via: null,
      durability: options.durability as Durability,
    }
    const goesWhole = server === null && (await dropLater(address, scope))
    const here: Provisioned<Address> = {
      address,
      distance: null,
      servers: server === null ? [] : [server.facts],
      external: server === null,
      goesWhole,
      ...(server === null && isDialled(address) ? { roundTripNs: await handshakeNs(endpoint(address)) } : {}),
    }
    return options.rttMs === 0 ? here : move(here, options, scope)
  },
  move,
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

async function start({ image, road }: DockerOptions, scope: Scope): Promise<PostgresServer> {
  if (image === null) return startPostgres(scope)
  const { startPostgresContainer } = await import('./docker/postgres.ts')
  return startPostgresContainer(image, road, scope)
}

async function move(here: Provisioned<Address>, options: typeof defaults, scope: Scope): Promise<Provisioned<Address>> {
  const started = !here.external && !inContainer(here.servers)
  const far = await startDistance({ ...options, ...endpoint(here.address), name: 'PostgreSQL', started }, scope)
  return {
    ...here,
    address: { ...here.address, via: { host: far.host, port: far.port } },
    distance: far.distance,
    servers: [...here.servers, ...far.servers],
  }
}
