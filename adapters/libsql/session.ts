import './quiet.ts'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Client, InArgs, InStatement, ResultSet } from '@libsql/client'
import { createClient } from '@libsql/client/sqlite3'
import type { AsyncQuery, AsyncSession, Call, DriverFacts, Rows, SessionFacts } from '../../bench/contract/index.ts'
import type { Address, ServerAddress } from './address.ts'
import { plainError } from './errors.ts'
import { readFacts } from './facts.ts'
import { openPipeline } from './pipeline.ts'

/** For requests over HTTP; the native client has its own and cannot be given another. */
const TIMEOUT_MS = 30_000

/**
 * An embedded replica that has caught up. Calls block the event loop, also those that wait for the primary, because the
 * native client is synchronous. It waits for ever for a primary that accepts connections and then says nothing:
 * only ending the process helps, which is what the time-out of a round does.
 */
export async function openReplica(address: Address, file = address.file): Promise<Client> {
  const { syncUrl, authToken, readYourWrites, syncIntervalMs } = address
  let client: Client | null = null
  try {
    client = createClient({
      url: pathToFileURL(file).href,
      syncUrl,
      readYourWrites,
      ...(authToken === null ? {} : { authToken }),
      ...(syncIntervalMs === 0 ? {} : { syncInterval: syncIntervalMs / 1000 }),
    })
    await client.sync()
    return client
  } catch (error) {
    if (client !== null) await closeReplica(client, address)
    throw await explained(error, address)
  }
}

/**
 * Closes a replica for good. The client's own `close` leaves the background sync running, and writing to the replica file,
 * until the database object is collected; a second connection would meet it there, so collection is asked for.
 */
export async function closeReplica(client: Client, { syncIntervalMs }: Address): Promise<void> {
  client.close()
  if (syncIntervalMs === 0) return
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  await nextTurn()
  collect()
  await nextTurn()
}

/** Straight to the primary over HTTP, for seeding. */
export async function openPrimary({ primaryUrl, authToken }: ServerAddress): Promise<Client> {
  // Half of what loading the client costs, and a round does not need it.
  const { createClient: createHttpClient } = await import('@libsql/client/http')
  return createHttpClient({
    url: primaryUrl,
    ...(authToken === null ? {} : { authToken }),
    fetch: (request: Request) => fetch(request, { signal: AbortSignal.timeout(TIMEOUT_MS) }),
  })
}

export function sessionOf(client: Client, address: Address, role: 'replica' | 'primary'): AsyncSession {
  const { readYourWrites, syncIntervalMs } = address
  const settings = { role, readYourWrites, syncIntervalMs }
  if (role === 'primary') return serverSession(client, address, settings)
  const session = serverSession(client, address, settings, {
    readsDoNotSync: syncIntervalMs === 0,
    // Describe and Execute, and the sync.
    writeRoundTrips: readYourWrites ? 3 : 2,
  })
  return {
    ...session,
    catchUp: async () => void (await client.sync().catch(rethrow)),
    close: () => closeReplica(client, address),
  }
}

/** A session on any client. @param settings what to tell beside what the primary says of itself @param driver likewise */
export function serverSession(
  client: Client,
  primary: ServerAddress,
  settings: SessionFacts['settings'],
  driver: DriverFacts = {},
): AsyncSession {
  return {
    mode: 'async',
    prepare: (text) => query(client, text),
    batch: (calls) => client.batch(calls.map(toStatement), 'write').then(nothing, rethrow),
    facts: async () => ({ ...(await readFacts(primary, settings)), driver: { preparesEveryCall: true, ...driver } }),
    close: () => Promise.resolve(client.close()),
  }
}

/** The client prepares anew in every call and offers nothing else; the native package below it would. */
function query(client: Client, text: string): AsyncQuery {
  let rows = (first: ResultSet): Rows => {
    rows = first.columns.some(isHidden) ? rebuiltRows : givenRows
    return rows(first)
  }
  const settle = (result: ResultSet): Rows => rows(result)
  return (args) => client.execute({ sql: text, args: args as InArgs }).then(settle, rethrow)
}

const givenRows = (result: ResultSet): Rows => result.rows

/** Rows of the client are objects whose only enumerable properties are the columns, save for columns named like a property of an array. */
const isHidden = (column: string): boolean => column === 'length' || /^\d+$/.test(column)

function rebuiltRows({ columns, rows }: ResultSet): Rows {
  return rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]])))
}

const toStatement = ([sql, args]: Call): InStatement => ({ sql, args: args as InArgs })

const nothing = (): void => undefined
function rethrow(error: unknown): never {
  throw plainError(error)
}

/** A refused token looks to the native client like a primary that does not answer, so the primary is asked why. */
async function explained(error: unknown, { syncUrl, authToken }: Address): Promise<Error> {
  const pipeline = openPipeline(syncUrl, authToken)
  try {
    await pipeline.execute('SELECT 1')
    return plainError(error)
  } catch (reason) {
    return plainError(reason)
  } finally {
    pipeline.close()
  }
}
