import type { Provisioned, Scope } from '../../bench/contract/index.ts'
import { SqlatencyError } from '../../bench/contract/index.ts'
import { startDistance } from '../distance/index.ts'
import type { DistanceOptions } from '../distance/options.ts'
import { remoteAddress } from '../libsql/address.ts'
import { startTursoServer } from '../servers/turso-server.ts'
import type { SyncAddress } from './client.ts'
import { loadClient, openCopy } from './client.ts'

export interface SyncOptions extends DistanceOptions {
  readonly url: string | null
  readonly authToken: string | null
}

export async function provision(options: SyncOptions, scope: Scope): Promise<Provisioned<SyncAddress>> {
  await loadClient()
  return options.url === null ? started(options, scope) : given(options, options.url, scope)
}

async function started(options: SyncOptions, scope: Scope): Promise<Provisioned<SyncAddress>> {
  const { url, facts } = await startTursoServer(scope)
  const { directory } = scope
  const here: Provisioned<SyncAddress> = {
    address: { url, besideServer: url, authToken: null, rttNs: 0, directory },
    distance: null,
    servers: [facts],
    external: false,
  }
  return options.rttMs === 0 ? here : move(here, options, scope)
}

/** Copies are made by every session, so that the same server can be had at any distance. */
export async function move(
  here: Provisioned<SyncAddress>,
  options: SyncOptions,
  scope: Scope,
): Promise<Provisioned<SyncAddress>> {
  const { hostname: host, port } = new URL(here.address.besideServer)
  const far = await startDistance({ ...options, host, port: Number(port), name: 'turso-sync', started: true }, scope)
  const { requestedRttNs } = far.distance
  return {
    ...here,
    address: {
      ...here.address,
      url: `http://${far.host}:${far.port}`,
      rttNs: requestedRttNs,
      directory: scope.directory,
    },
    distance: far.distance,
    servers: [...here.servers, ...far.servers],
  }
}

/** One copy is made and dropped, which tells whether server and token are right before anything is written. */
async function given(options: SyncOptions, url: string, scope: Scope): Promise<Provisioned<SyncAddress>> {
  if (options.rttMs > 0)
    throw new SqlatencyError(
      'CONFIG_INVALID',
      'turso-sync: rttMs puts distance before a server that sqlatency starts, so it cannot stand beside a url.',
      { file: 'the configuration' },
    )
  const { base, authToken } = remoteAddress(url, options.authToken)
  const { directory } = scope
  const address: SyncAddress = { url: base, besideServer: base, authToken, rttNs: 0, directory }
  await (await openCopy(address)).close()
  return { address, distance: null, servers: [], external: true }
}
