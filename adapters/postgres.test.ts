import { readFileSync } from 'node:fs'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AsyncSession } from '../bench/contract/index.ts'
import { toSqlatencyError } from '../bench/contract/index.ts'
import adapter from './postgres.ts'
import { freePort } from './servers/port.ts'
import { startPostgres } from './servers/postgres-server.ts'
import { conforms } from './testing/conformance.ts'
import { canLook, descendants } from './testing/leftovers.ts'
import type { TestScope } from './testing/scope.ts'
import { testScope } from './testing/scope.ts'

conforms('postgres', adapter)
conforms('postgres, relaxed', adapter, { durability: 'relaxed' })
conforms('postgres at 5 ms', adapter, { rttMs: 5 })

type Address = Parameters<typeof adapter.connect>[0]

const NOTHING = { texts: [], scenarioModules: [] }

const provision = (url: string, scope: TestScope, rttMs = 0) =>
  adapter.provision({ ...adapter.defaults, url, rttMs }, scope, NOTHING)
const connectTo = async (address: Address): Promise<AsyncSession> => (await adapter.connect(address)) as AsyncSession
const connect = (url: string): Promise<AsyncSession> => connectTo({ url, via: null, durability: 'durable' })

describe('postgres by its URL', { timeout: 60_000 }, () => {
  let scope: TestScope
  let url: string
  let password: string

  beforeAll(async () => {
    scope = await testScope()
    url = (await startPostgres(scope)).url
    password = new URL(url).password
  }, 60_000)
  afterAll(() => scope.close())

  /** What somebody else sees and does in that database. */
  async function elsewhere(text: string): Promise<Record<string, unknown>[]> {
    const client = new Client({ connectionString: url })
    await client.connect()
    try {
      return (await client.query<Record<string, unknown>>(text)).rows
    } finally {
      await client.end()
    }
  }
  const schemas = () => elsewhere(`SELECT nspname FROM pg_namespace WHERE nspname = 'sqlatency'`)

  it('makes a schema of its own and drops it at the end', async () => {
    await elsewhere('CREATE TABLE mine (id integer)')
    {
      await using inner = await testScope()
      const { address, servers, external, roundTripNs } = await provision(url, inner)
      expect({ servers, external }).toEqual({ servers: [], external: true })
      expect(roundTripNs).toBeGreaterThan(0)
      // Many at once: only one of them may make the schema.
      const sessions = await Promise.all(Array.from({ length: 12 }, () => connectTo(address)))
      await sessions[0]!.prepare('CREATE TABLE mine (id integer)')([])
      await sessions[1]!.prepare('INSERT INTO mine VALUES ($1)')([1])
      await Promise.all(sessions.map((session) => session.close()))
      expect(await elsewhere('SELECT * FROM sqlatency.mine')).toEqual([{ id: 1 }])
    }
    expect(await schemas()).toEqual([])
    expect(await elsewhere('SELECT * FROM public.mine')).toEqual([])
  })

  it('keeps a schema that an earlier run left', async () => {
    await (await connect(url)).close()
    {
      await using inner = await testScope()
      await provision(url, inner)
    }
    expect(await schemas()).toHaveLength(1)
    await elsewhere('DROP SCHEMA sqlatency')
  })

  it('refuses a schema that is not its own, and leaves it alone', async () => {
    await elsewhere('CREATE SCHEMA sqlatency')
    {
      await using inner = await testScope()
      await expect(provision(url, inner)).rejects.toMatchObject({ code: 'FOREIGN_TABLES' })
      await expect(connect(url)).rejects.toMatchObject({ code: 'FOREIGN_TABLES' })
    }
    expect(await schemas()).toHaveLength(1)
    await elsewhere('DROP SCHEMA sqlatency')
  })

  it('puts a distance before a server of somebody else', async () => {
    await using inner = await testScope()
    const { address, distance, servers } = await provision(url, inner, 2)
    expect(distance?.measuredRttNs).toBeGreaterThan(1e6)
    expect(servers.map(({ name }) => name)).toEqual(['relay'])
    const session = await adapter.connect(address)
    expect(await session.prepare('SELECT inet_server_port() AS port')([])).toEqual([
      { port: Number(new URL(url).port) },
    ])
    await session.close()
  })

  it('tells a wrong password, a dead port and a bad URL apart without telling the password', async () => {
    const closed = new URL(url)
    closed.port = String(await freePort())
    const cases = [
      ['ACCESS_DENIED', url.replace(password, 'not-the-password')],
      ['ACCESS_DENIED', url.replace(`:${password}`, '')],
      ['UNREACHABLE', closed.href],
      ['USAGE', `postgres://sqlatency:${password}@127.0.0.1:notaport/x`],
    ] as const
    for (const [code, given] of cases) {
      const thrown: unknown = await connect(given).catch((error: unknown) => error)
      const error = toSqlatencyError(thrown)
      expect(error.code).toBe(code)
      for (const text of [error.message, error.stack, JSON.stringify(error), JSON.stringify(thrown)]) {
        expect(text).not.toContain(password)
        expect(text).not.toContain('not-the-password')
      }
    }
    await using inner = await testScope()
    await expect(provision(closed.href, inner)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('tells no host, user or database of a URL that leads nowhere', async () => {
    await elsewhere("CREATE ROLE hushed_user NOLOGIN PASSWORD 'hushed'")
    const closed = await freePort()
    const changed = (changes: Partial<URL>): string => Object.assign(new URL(url), changes).href
    const cases = [
      ['UNREACHABLE', changed({ hostname: 'hushed-host.invalid' }), /The host in the url/],
      ['UNREACHABLE', changed({ port: String(closed) }), /^Nothing listens/],
      ['UNREACHABLE', changed({ port: String(closed), hostname: 'localhost' }), /^Nothing listens/],
      ['ACCESS_DENIED', changed({ username: 'hushed_nobody' }), /password/],
      ['ACCESS_DENIED', changed({ username: 'hushed_user', password: 'hushed' }), /refuses this user/],
      ['BACKEND_FAILED', changed({ pathname: '/hushed_database' }), /has no database/],
    ] as const
    for (const [code, given, words] of cases) {
      const error = toSqlatencyError(await connect(given).catch((thrown: unknown) => thrown))
      expect(error).toMatchObject({ code, message: expect.stringMatching(words) as string })
      expect(`${error.message} ${JSON.stringify(error)}`).not.toMatch(
        new RegExp(`hushed|localhost|127\\.0|::1|${closed}`),
      )
    }
    await elsewhere('DROP ROLE hushed_user')
  })

  it('rejects pending and later queries when the connection is lost', async () => {
    const session = await connect(url)
    const [me] = await session.prepare('SELECT pg_backend_pid() AS pid')([])
    const pending = session
      .prepare('SELECT pg_sleep(60)')([])
      .catch((error: unknown) => error)
    await elsewhere(`SELECT pg_terminate_backend(${String(me?.['pid'])})`)
    expect(toSqlatencyError(await pending).message).toMatch(/terminat/)
    const later: unknown = await session.batch([['SELECT 1', []]]).catch((error: unknown) => error)
    expect(later).toMatchObject({
      code: 'UNREACHABLE',
      message: expect.stringMatching(/^The connection to PostgreSQL was lost: /),
    })
    await session.close()

    const idle = await connect(url)
    const [other] = await idle.prepare('SELECT pg_backend_pid() AS pid')([])
    await elsewhere(`SELECT pg_terminate_backend(${String(other?.['pid'])})`)
    await expect
      .poll(() =>
        idle
          .prepare('SELECT 1')([])
          .catch((error: Error) => error.message),
      )
      .toMatch(/was lost/)
    await idle.close()
  })

  it('gives numbers as numbers, and what is above 2^53 as bigint', async () => {
    const session = await connect(url)
    const [row] = await session.prepare(
      `SELECT count(*) AS count, sum(n::bigint) AS sum, avg(n::bigint) AS avg, 9007199254740993::bigint AS large,
        -9007199254740993::numeric AS low, 'NaN'::numeric AS nan, '{"a": 1}'::jsonb AS document FROM generate_series(1, 4) AS n`,
    )([])
    expect(row).toEqual({
      count: 4,
      sum: 10,
      avg: 2.5,
      large: 9_007_199_254_740_993n,
      low: -9_007_199_254_740_993n,
      nan: Number.NaN,
      document: '{"a": 1}',
    })
    await session.close()
  })

  it.runIf(canLook)('keeps the password out of arguments and environments, and does not run as root', () => {
    const seen = descendants().flatMap(({ pid }) => {
      try {
        return [['cmdline', 'environ', 'status'].map((file) => readFileSync(`/proc/${pid}/${file}`, 'utf8'))]
      } catch {
        // It ended meanwhile, as the processes of closed sessions do.
        return []
      }
    })
    expect(seen).not.toEqual([])
    for (const [cmdline, environ, status] of seen) {
      expect(cmdline).not.toContain(password)
      expect(environ).not.toContain(password)
      expect(status).not.toMatch(/^Uid:\s+0\b/m)
    }
  })
})
