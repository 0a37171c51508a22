import type { Provisioned, Scope } from '../../bench/contract/index.ts'
import { SqlatencyError } from '../../bench/contract/index.ts'
import type { Far } from '../distance/index.ts'
import { startDistance } from '../distance/index.ts'
import type { DistanceOptions } from '../distance/options.ts'
import type { Address } from '../postgres/client.ts'
import { dropLater } from '../postgres/schema.ts'
import { startPostgresPair } from '../servers/postgres-pair.ts'
import type { PairAddress } from './address.ts'
import { levelOf, waitsForStandby } from './address.ts'
import { checkPair } from './check-pair.ts'

export interface PairOptions extends DistanceOptions {
  readonly url: string | null
  readonly standbyUrl: string | null
  readonly synchronousCommit: string
  readonly readYourWrites: boolean
}

export async function provision(options: PairOptions, scope: Scope): Promise<Provisioned<PairAddress>> {
  const { url, standbyUrl } = options
  if (url === null && standbyUrl === null) return started(options, scope)
  if (url === null || standbyUrl === null)
    throw refused(
      `${url === null ? 'a standbyUrl' : 'a url'} is given alone: it takes the primary's url and its standbyUrl`,
    )
  if (options.rttMs > 0)
    throw refused('rttMs puts distance before a primary that sqlatency starts, so it cannot stand beside a url')
  return given(options, url, standbyUrl, scope)
}

/** Application and standby are here; at a distance both reach the primary by the same long way. */
async function started(options: PairOptions, scope: Scope): Promise<Provisioned<PairAddress>> {
  const { rttMs, synchronousCommit } = options
  const level = levelOf(synchronousCommit)
  let far: Far | null = null
  const { primaryUrl, standbyUrl, servers } = await startPostgresPair(scope, waitsForStandby(level), async (primary) =>
    rttMs === 0
      ? primary
      : (far = await startDistance({ ...options, ...primary, name: 'PostgreSQL', started: true }, scope)),
  )
  return placed(options, primaryUrl, standbyUrl, { far, servers })
}

async function given(
  options: PairOptions,
  url: string,
  standbyUrl: string,
  scope: Scope,
): Promise<Provisioned<PairAddress>> {
  const provisioned = placed(options, url, standbyUrl, { far: null, servers: [] })
  await checkPair(provisioned.address)
  const goesWhole = await dropLater(provisioned.address.primary, scope)
  return { ...provisioned, external: true, goesWhole }
}

function placed(
  { synchronousCommit, readYourWrites }: PairOptions,
  primaryUrl: string,
  standbyUrl: string,
  { far, servers }: { readonly far: Far | null } & Pick<Provisioned<PairAddress>, 'servers'>,
): Provisioned<PairAddress> {
  const level = levelOf(synchronousCommit)
  const durability = level === 'off' ? 'relaxed' : 'durable'
  const at = (url: string, via: Address['via'] = null): Address => ({ url, via, durability })
  return {
    address: {
      primary: at(primaryUrl, far && { host: far.host, port: far.port }),
      standby: at(standbyUrl),
      level,
      rttNs: far?.distance.requestedRttNs ?? 0,
      readYourWrites,
    },
    distance: far?.distance ?? null,
    servers: [...servers, ...(far?.servers ?? [])],
    external: false,
  }
}

const refused = (why: string): SqlatencyError =>
  new SqlatencyError('CONFIG_INVALID', `postgres-standby: ${why}.`, { file: 'the configuration' })
