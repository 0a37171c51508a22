import { randomBytes } from 'node:crypto'
import type { Scope } from '../../bench/contract/index.ts'
import { withClient } from '../postgres/client.ts'
import type { PostgresServer } from '../servers/postgres-server.ts'
import { startContainer } from './container.ts'

const USER = 'sqlatency'

/** A new PostgreSQL cluster in a container of an official image, or of one that takes the same variables. */
export async function startPostgresContainer(image: string, road: string, scope: Scope): Promise<PostgresServer> {
  const password = randomBytes(24).toString('base64url')
  const urlAt = (host: string, port: number): string =>
    `postgres://${USER}:${password}@${host}:${port}/postgres?sslmode=disable`
  const { end, facts } = await startContainer(
    {
      name: 'PostgreSQL',
      image,
      road,
      port: 5432,
      environment: {
        POSTGRES_USER: USER,
        POSTGRES_PASSWORD: password,
        POSTGRES_DB: 'postgres',
        // Order by code point, as SQLite does.
        POSTGRES_INITDB_ARGS: '--encoding=UTF8 --locale=C',
      },
      version: ({ host, port }) => versionAt(urlAt(host, port)),
    },
    scope,
  )
  return { url: urlAt(end.host, end.port), facts }
}

function versionAt(url: string): Promise<string> {
  return withClient({ url, via: null, durability: 'durable' }, async (client) => {
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version')
    return rows[0]!.server_version
  })
}
