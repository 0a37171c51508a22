import type { Client, QueryConfig } from 'pg'
import type { AsyncQuery, AsyncSession, Row, Rows, SessionFacts } from '../../bench/contract/index.ts'
import { codeOf, SqlatencyError } from '../../bench/contract/index.ts'
import { packageVersion } from '../servers/package.ts'

const SETTINGS = [
  'fsync',
  'synchronous_commit',
  'full_page_writes',
  'wal_sync_method',
  'shared_buffers',
  'server_version',
]
const READ_FACTS = `SELECT ${SETTINGS.map((name) => `current_setting('${name}') AS ${name}`).join(', ')},
  (SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()) AS ssl`

/** SQLSTATEs with which the server ends the session of a query: connection exceptions, and shutdown by an operator. */
const ENDS_SESSION = /^(?:08|57P0)/

/** A session on a connected client, which ends with it. */
export function sessionOn(client: Client): AsyncSession {
  let lost: Error | null = null
  client.on('error', (error) => {
    lost ??= error
  })
  /** The callback of `pg` spares the promise that its own wrapper adds to every query. */
  const ask = (query: QueryConfig): Promise<Rows> =>
    new Promise((resolve, reject) => {
      client.query<Row>(query, (error: Error | null, result) => {
        if (error === null) {
          resolve(result.rows)
          return
        }
        if (ENDS_SESSION.test(codeOf(error))) lost ??= error
        reject(lost === null ? error : connectionLost(lost))
      })
    })
  const queries = new Map<string, AsyncQuery>()
  const prepare = (text: string): AsyncQuery => {
    let query = queries.get(text)
    if (query === undefined) {
      const name = `sqlatency_${queries.size}`
      query = (args) => ask({ name, text, values: args as unknown[] })
      queries.set(text, query)
    }
    return query
  }
  return {
    mode: 'async',
    prepare,
    async batch(calls) {
      await ask({ text: 'BEGIN' })
      try {
        for (const [text, args] of calls) await prepare(text)(args)
        await ask({ text: 'COMMIT' })
      } catch (error) {
        // Fails only where the connection is lost, and then the server rolls back.
        await ask({ text: 'ROLLBACK' }).catch(() => undefined)
        throw error
      }
    },
    isLost: () => lost !== null,
    facts: async () => factsFrom((await ask({ text: READ_FACTS }))[0]!),
    close: () => client.end(),
  }
}

/** Any `synchronous_commit` but off flushes the commit to the local disk; the others differ in what they ask of standbys. */
function factsFrom({ server_version: version, ...settings }: Row): SessionFacts {
  return {
    durability: settings['fsync'] === 'on' && settings['synchronous_commit'] !== 'off' ? 'durable' : 'relaxed',
    settings: settings as SessionFacts['settings'],
    versions: { postgres: String(version), pg: packageVersion('pg') },
  }
}

function connectionLost(cause: Error): SqlatencyError {
  return new SqlatencyError('UNREACHABLE', `The connection to PostgreSQL was lost: ${cause.message}.`, {}, { cause })
}
