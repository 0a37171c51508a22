import { join } from 'node:path'
import type { Provisioned, Scope } from '../bench/contract/index.ts'
import { SqlatencyError, defineAdapter } from '../bench/contract/index.ts'
import type { StartedContainer } from './docker/container.ts'
import { dockerOptions, inContainer, refuseUrlAndImage } from './docker/options.ts'
import { startDistance } from './distance/index.ts'
import { distanceOptions } from './distance/options.ts'
import type { Address } from './libsql/address.ts'
import { remoteAddress } from './libsql/address.ts'
import { openPipeline } from './libsql/pipeline.ts'
import { replicationOf } from './libsql/replication.ts'
import { openPrimary, openReplica, sessionOf } from './libsql/session.ts'
import { startLibsqlServer } from './servers/libsql-server.ts'

const defaults = {
  /** `libsql://`, `https://` or `http://`; null starts a libsql-server of this machine. */
  url: null as string | null,
  authToken: null as string | null,
  /** Whether a write waits until this replica has it, which costs one more round trip. */
  readYourWrites: true,
  /** Time between background syncs; 0 for none: then a read shows what others wrote only after a `sync()` of its session. */
  syncIntervalMs: 0,
  ...dockerOptions,
  /** Between the application and a started primary. */
  ...distanceOptions,
}

/**
 * A Turso embedded replica: reads are answered from a file of this process, writes go to the primary.
 * A write takes two round trips (Describe, Execute) and with readYourWrites a third (the sync). A `batch` of n statements takes
 * that n + 2 times, because BEGIN and COMMIT travel too; one that only reads is no exception.
 */
export default defineAdapter({
  id: 'libsql',
  title: 'Turso embedded replica (libSQL)',
  dialect: 'sqlite',
  reach: 'in-process',
  traits: ['replica'],
  defaults,
  secrets: ['url', 'authToken'],
  provision(options, scope) {
    refuseUrlAndImage('libsql', options)
    return options.url === null ? started(options, scope) : given(options, options.url, scope)
  },
  move,
  connect: async (address: Address) => sessionOf(await openReplica(address), address, 'replica'),
  connectPrimary: async (address: Address) => sessionOf(await openPrimary(address), address, 'primary'),
  replication: replicationOf,
})

async function started(options: typeof defaults, scope: Scope): Promise<Provisioned<Address>> {
  const { end, facts } = await start(options, scope)
  const url = `http://${end.host}:${end.port}`
  const here: Provisioned<Address> = {
    address: { primaryUrl: url, syncUrl: url, authToken: null, ...replicaOf(options, scope) },
    distance: null,
    servers: [facts],
    external: false,
  }
  return options.rttMs > 0 ? move(here, options, scope) : here
}

async function start({ image, road }: typeof defaults, scope: Scope): Promise<StartedContainer> {
  if (image !== null) {
    const { startLibsqlContainer } = await import('./docker/libsql.ts')
    return startLibsqlContainer(image, road, scope)
  }
  const { port, version } = await startLibsqlServer(scope)
  const facts = { name: 'libsql-server', version, cpus: scope.serverCpus }
  return { end: { host: '127.0.0.1', port }, facts }
}

/** A replica of its own, further away from the same primary. */
async function move(here: Provisioned<Address>, options: typeof defaults, scope: Scope): Promise<Provisioned<Address>> {
  const { hostname: host, port } = new URL(here.address.primaryUrl)
  const end = { host, port: Number(port), name: 'libsql', started: !inContainer(here.servers) }
  const far = await startDistance({ ...options, ...end }, scope)
  return {
    ...here,
    address: { ...here.address, syncUrl: `http://${far.host}:${far.port}`, ...replicaOf(options, scope) },
    distance: far.distance,
    servers: [...here.servers, ...far.servers],
  }
}

async function given(options: typeof defaults, url: string, scope: Scope): Promise<Provisioned<Address>> {
  if (options.rttMs > 0) {
    throw new SqlatencyError(
      'CONFIG_INVALID',
      'rttMs puts distance before a primary that sqlatency starts, so it cannot stand beside a url',
      {
        file: 'the configuration',
      },
    )
  }
  const { base, authToken } = remoteAddress(url, options.authToken)
  const pipeline = openPipeline(base, authToken)
  try {
    await pipeline.execute('SELECT 1')
  } finally {
    pipeline.close()
  }
  return {
    address: { primaryUrl: base, syncUrl: base, authToken, ...replicaOf(options, scope) },
    distance: null,
    servers: [],
    external: true,
  }
}

const replicaOf = ({ readYourWrites, syncIntervalMs }: typeof defaults, { directory }: Scope) => ({
  file: join(directory, 'replica.db'),
  lagFile: join(directory, 'lag-replica.db'),
  readYourWrites,
  syncIntervalMs,
})
