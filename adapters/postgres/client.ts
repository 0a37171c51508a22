import { Socket } from 'node:net'
import { Client, types } from 'pg'
import type { Durability } from '../../bench/contract/index.ts'
import { codeOf, SqlatencyError } from '../../bench/contract/index.ts'

/** How to reach a PostgreSQL server. Plain data. */
export interface Address {
  /** Holds the password. */
  readonly url: string
  /** Where to dial instead of the server's own end, if a distance lies between. */
  readonly via: { readonly host: string; readonly port: number } | null
  readonly durability: Durability
}

const CONNECT_TIMEOUT_MS = 10_000

/** A connected client. Losing the connection rejects its queries and never ends the process. */
export async function openClient(address: Address): Promise<Client> {
  const client = clientFor(address)
  client.on('error', () => undefined)
  try {
    await client.connect()
    return client
  } catch (error) {
    await client.end()
    throw connectError(error as Error)
  }
}

/** Opens a client for one piece of work. */
export async function withClient<Result>(address: Address, work: (client: Client) => Promise<Result>): Promise<Result> {
  const client = await openClient(address)
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** Where the server of a URL listens, read as `pg` reads it. */
export function endpoint(address: Address): { host: string; port: number } {
  const { host, port } = clientFor(address)
  if (!host.startsWith('/')) return { host, port }
  throw new SqlatencyError(
    'USAGE',
    'A distance needs a TCP connection, and the url of the postgres backend names a socket file.',
  )
}

/** Whether TCP leads there, and not a socket file. */
export const isDialled = (address: Address): boolean => !clientFor(address).host.startsWith('/')

function clientFor({ url, via }: Address): Client {
  const client = clientOf({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    ...(via === null ? {} : { stream: () => new FarSocket(via) }),
  })
  client.setTypeParser(types.builtins.INT8, toNumber)
  client.setTypeParser(types.builtins.NUMERIC, toNumber)
  // Text as from SQLite: whoever wants objects pays for parsing on either side.
  client.setTypeParser(types.builtins.JSON, String)
  client.setTypeParser(types.builtins.JSONB, String)
  return client
}

function clientOf(config: ConstructorParameters<typeof Client>[0]): Client {
  try {
    return new Client(config)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_INVALID_URL') throw error
    // Without its cause, which may hold the URL and with it the password.
    throw new SqlatencyError(
      'USAGE',
      'The url of the postgres backend is not of the form postgres://user:password@host:5432/database.',
    )
  }
}

/** A number, or a bigint for a whole number above 2^53. */
function toNumber(text: string): number | bigint {
  const value = Number(text)
  return Number.isSafeInteger(value) || !/^-?\d+$/.test(text) ? value : BigInt(text)
}

/** Goes the long way round whatever it is told. `pg` still knows the real host and checks TLS certificates against that. */
class FarSocket extends Socket {
  readonly #via: NonNullable<Address['via']>
  constructor(via: NonNullable<Address['via']>) {
    super()
    this.#via = via
  }
  override connect(): this {
    return super.connect(this.#via)
  }
}

/** Words for what the system and the server say with names of the URL in them, which is a secret. */
const WITHOUT_NAMES: Readonly<Record<string, string>> = {
  ENOTFOUND: 'The host in the url of PostgreSQL has no address.',
  EAI_AGAIN: 'The host in the url of PostgreSQL could not be looked up.',
  ECONNREFUSED: 'Nothing listens where the url of PostgreSQL leads.',
  ETIMEDOUT: 'PostgreSQL did not answer.',
  EHOSTUNREACH: 'No way leads to the host of PostgreSQL.',
  ENETUNREACH: 'No way leads to the network of PostgreSQL.',
  ENOENT: 'There is no socket file where the url of PostgreSQL leads.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'The certificate of PostgreSQL is for another host.',
  '28000': 'PostgreSQL refuses this user, or this host (pg_hba.conf).',
  '28P01': 'PostgreSQL refuses the password.',
  '3D000': 'PostgreSQL has no database of that name.',
  '42501': 'PostgreSQL does not let this user connect to the database.',
}

/** Codes stay as they are; what `pg` reports without one gets one of ours. */
function connectError(error: Error): Error {
  if (error.message === 'timeout expired') {
    return new SqlatencyError('UNREACHABLE', `PostgreSQL did not answer within ${CONNECT_TIMEOUT_MS / 1000} s.`)
  }
  if (error.message.startsWith('SASL')) return new SqlatencyError('ACCESS_DENIED', error.message, {}, { cause: error })
  const code = codeOf(error)
  const words = WITHOUT_NAMES[code]
  return words === undefined ? error : Object.assign(new Error(words), { code })
}
