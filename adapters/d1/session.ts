import { createHash } from 'node:crypto'
import type { AsyncSession, Rows, SessionFacts } from '../../bench/contract/index.ts'
import { packageVersion } from '../servers/package.ts'
import type { WorkerClient } from './http.ts'
import { workerClient } from './http.ts'
import { NAME_DIGITS } from './names.ts'
import { argsToWire, rowsFromWire } from './values.ts'

/** Workers are pinned to a date that decides the behaviour of their runtime. deploy/wrangler.jsonc has the same. */
export const COMPATIBILITY_DATE = '2026-10-01'

export interface Address {
  readonly url: string
  readonly token: string
  readonly isLocal: boolean
}

type Settings = SessionFacts['settings']

/** Empty requests that the floor is taken from: the median of so many is steady, and they cost some 20 ms. */
const EMPTY_REQUESTS = 50

/** The name by which the Worker knows a statement text; the Worker derives the same in names.ts. */
export const statementName = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, NAME_DIGITS)

/** A session with the Worker. */
export async function openSession(address: Address): Promise<AsyncSession> {
  return sessionOn(await openClient(address), address)
}

/** Opening connects, so that the first operation does not pay for the handshake. */
export async function openClient({ url, token }: Address): Promise<WorkerClient> {
  const client = workerClient(url, token)
  try {
    await client.post('/empty', '')
    return client
  } catch (error) {
    client.close()
    throw error
  }
}

/** A session that has sent nothing yet, as an application has it before its first request. */
export const openUntried = (address: Address): AsyncSession =>
  sessionOn(workerClient(address.url, address.token), address)

function sessionOn(client: WorkerClient, { isLocal }: Address): AsyncSession {
  const ask = async (path: string, json: string): Promise<Rows> => rowsFromWire(await client.post(path, json)) as Rows
  const asker = (path: string, head: string) => (args: unknown) =>
    ask(path, `${head}${JSON.stringify(argsToWire(args))}}`)
  return {
    mode: 'async',
    prepare: (text) => asker('/statement', `{"statement":"${statementName(text)}","args":`),
    operation: (scenario) => asker('/operation', `{"scenario":${JSON.stringify(scenario)},"question":`),
    async batch(calls) {
      const named = calls.map(([text, args]) => ({ statement: statementName(text), args: argsToWire(args) }))
      await client.post('/batch', JSON.stringify({ calls: named }))
    },
    async facts() {
      const told = JSON.parse(await client.post('/facts', '')) as { settings: Settings; colo: string | null }
      return {
        durability: 'undeclared',
        settings: {
          vantage: 'client of the Worker',
          empty_request_p50_ns: await emptyRequestNs(client),
          ...told.settings,
          // Miniflare makes up a place on earth; only Cloudflare knows one.
          ...(isLocal ? {} : { worker_colo: told.colo }),
        },
        versions: isLocal
          ? {
              workerd: packageVersion('workerd'),
              miniflare: packageVersion('miniflare'),
              compatibility_date: COMPATIBILITY_DATE,
            }
          : {},
      }
    },
    close() {
      client.close()
      return Promise.resolve()
    },
  }
}

/** Median time of requests that do nothing but authenticate: what HTTP and the Worker cost before any SQL. */
async function emptyRequestNs(client: WorkerClient): Promise<number> {
  const times: number[] = []
  for (let n = 0; n < EMPTY_REQUESTS; n += 1) {
    const start = process.hrtime.bigint()
    // One after the other on purpose: the floor of one request, not of a queue.
    // oxlint-disable-next-line no-await-in-loop
    await client.post('/empty', '')
    times.push(Number(process.hrtime.bigint() - start))
  }
  return times.toSorted((a, b) => a - b)[EMPTY_REQUESTS / 2]!
}
