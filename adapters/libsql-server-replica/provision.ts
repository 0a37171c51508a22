import type { Provisioned, Scope } from '../../bench/contract/index.ts'
import { SqlatencyError } from '../../bench/contract/index.ts'
import type { Far } from '../distance/index.ts'
import { startDistance } from '../distance/index.ts'
import type { DistanceOptions } from '../distance/options.ts'
import type { ServerAddress } from '../libsql/address.ts'
import { remoteAddress } from '../libsql/address.ts'
import type { PrimaryEnds } from '../servers/libsql-pair.ts'
import { startLibsqlPair } from '../servers/libsql-pair.ts'
import type { PairAddress } from './address.ts'
import { checkPair } from './check-pair.ts'

export interface PairOptions extends DistanceOptions {
  readonly url: string | null
  readonly replicaUrl: string | null
  readonly authToken: string | null
  readonly readYourWrites: boolean
}

export async function provision(options: PairOptions, scope: Scope): Promise<Provisioned<PairAddress>> {
  const { url, replicaUrl } = options
  if (url === null && replicaUrl === null) return started(options, scope)
  if (url === null || replicaUrl === null)
    throw refused(
      `${url === null ? 'a replicaUrl' : 'a url'} is given alone: it takes the primary's url and its replicaUrl`,
    )
  if (options.rttMs > 0)
    throw refused('rttMs puts distance before a primary that sqlatency starts, so it cannot stand beside a url')
  return given(options, url, replicaUrl)
}

/** Application and replica are here; at a distance both reach the primary by the same long way. */
async function started(options: PairOptions, scope: Scope): Promise<Provisioned<PairAddress>> {
  const { rttMs, readYourWrites } = options
  const found: { far?: Far } = {}
  const wayTo = async ({ http, grpc }: PrimaryEnds) => {
    if (rttMs === 0) return grpc
    found.far = await startDistance({ ...options, ...http, also: [grpc], name: 'libsql', started: true }, scope)
    return found.far.also[0]!
  }
  const { primary, replica, servers } = await startLibsqlPair(scope, wayTo)
  const here = serverAt('127.0.0.1', primary.port)
  const { far } = found
  return {
    address: {
      primary: far === undefined ? here : serverAt(far.host, far.port),
      besidePrimary: here,
      replica: serverAt('127.0.0.1', replica.port),
      rttNs: far?.distance.requestedRttNs ?? 0,
      readYourWrites,
    },
    distance: far?.distance ?? null,
    servers: [...servers, ...(far?.servers ?? [])],
    external: false,
  }
}

async function given(
  { authToken, readYourWrites }: PairOptions,
  url: string,
  replicaUrl: string,
): Promise<Provisioned<PairAddress>> {
  const at = (one: string): ServerAddress => {
    const { base, authToken: token } = remoteAddress(one, authToken)
    return { primaryUrl: base, authToken: token }
  }
  const primary = at(url)
  const address: PairAddress = { primary, besidePrimary: primary, replica: at(replicaUrl), rttNs: 0, readYourWrites }
  await checkPair(address)
  return { address, distance: null, servers: [], external: true }
}

const serverAt = (host: string, port: number): ServerAddress => ({
  primaryUrl: `http://${host}:${port}`,
  authToken: null,
})

const refused = (why: string): SqlatencyError =>
  new SqlatencyError('CONFIG_INVALID', `libsql-server-replica: ${why}.`, { file: 'the configuration' })
