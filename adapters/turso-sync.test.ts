import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import type { AsyncSession } from '../bench/contract/index.ts'
import { LIST_TABLES } from '../bench/contract/index.ts'
import { startTursoServer } from './servers/turso-server.ts'
import { conforms } from './testing/conformance.ts'
import type { TestScope } from './testing/scope.ts'
import { testScope } from './testing/scope.ts'
import adapter from './turso-sync.ts'

conforms('turso-sync', adapter)
conforms('turso-sync, its server 5 ms away', adapter, { rttMs: 5 })

test('a new database shows no table of the engine, also after writes were pushed and pulled', async () => {
  await using scope = await testScope()
  const { address } = await adapter.provision(adapter.defaults, scope, { texts: [], scenarioModules: [] })
  const tables = async (): Promise<unknown> => {
    const session = (await adapter.connect(address)) as AsyncSession
    const rows = await session.prepare(LIST_TABLES.sqlite)([])
    await session.close()
    return rows
  }
  expect(await tables()).toEqual([])
  const session = (await adapter.connect(address)) as AsyncSession
  await session.batch([
    ['CREATE TABLE mine (id INTEGER PRIMARY KEY)', []],
    ['INSERT INTO mine VALUES (1)', []],
  ])
  await session.close()
  expect(await tables()).toEqual([{ name: 'mine' }])
})

const NOTHING = { texts: [], scenarioModules: [] }
const provision = (options: Partial<typeof adapter.defaults>, scope: TestScope) =>
  adapter.provision({ ...adapter.defaults, ...options }, scope, NOTHING)
const connect = async (address: Parameters<typeof adapter.connect>[0]): Promise<AsyncSession> =>
  (await adapter.connect(address)) as AsyncSession

/** The sync server of the package knows no tokens, so whoever guards it in the cloud stands before it here. */
async function guarded(url: string, token: string, scope: TestScope): Promise<string> {
  const guard = createServer((asked, answer) => {
    if (asked.headers.authorization !== `Bearer ${token}`) {
      answer.writeHead(401, { 'content-type': 'application/json' }).end('{"error":"Unauthorized"}')
      return
    }
    const { method, headers } = asked
    const onward = request(new URL(asked.url ?? '/', url), { method, headers }, (given) => {
      answer.writeHead(given.statusCode ?? 500, given.headers)
      given.pipe(answer)
    })
    asked.pipe(onward)
  })
  guard.listen(0, '127.0.0.1')
  await once(guard, 'listening')
  scope.defer(() => {
    guard.close()
    guard.closeAllConnections()
  })
  return `http://127.0.0.1:${(guard.address() as AddressInfo).port}`
}

test('by its URL: starts nothing, gives the token to server and client, and refuses a wrong one without telling it', async () => {
  await using elsewhere = await testScope()
  await using scope = await testScope()
  const url = await guarded((await startTursoServer(elsewhere)).url, 'right', elsewhere)
  const { address, servers, external, distance } = await provision({ url, authToken: 'right' }, scope)
  expect({ servers, external, distance }).toEqual({ servers: [], external: true, distance: null })
  const session = await connect(address)
  await session.prepare('CREATE TABLE mine (id INTEGER PRIMARY KEY)')([])
  await session.prepare('INSERT INTO mine VALUES (?)')([1])
  const facts = await session.facts()
  expect(facts.settings).toMatchObject({ journal_mode: 'wal' })
  expect(facts.driver).toEqual({ readsDoNotSync: true })
  const other = await connect(address)
  const read = other.prepare('SELECT id FROM mine ORDER BY id')
  expect(await read([])).toEqual([{ id: 1 }])
  await session.prepare('INSERT INTO mine VALUES (?)')([2])
  await session.close()
  expect(await read([])).toEqual([{ id: 1 }])
  await other.catchUp!()
  expect(await read([])).toEqual([{ id: 1 }, { id: 2 }])
  await other.close()

  for (const authToken of ['wrong', null]) {
    const thrown: unknown = await provision({ url, authToken }, scope).catch((error: unknown) => error)
    expect(thrown).toMatchObject({ code: 'ACCESS_DENIED', message: expect.not.stringContaining('wrong') })
  }
  for (const [options, code] of [
    [{ url: 'http://127.0.0.1:1' }, 'UNREACHABLE'],
    [{ url: 'file:secret.db' }, 'CONFIG_INVALID'],
    [{ url, authToken: 'right', rttMs: 5 }, 'CONFIG_INVALID'],
  ] as const)
    await expect(provision(options, scope)).rejects.toMatchObject({ code })
})

test('moves the same server away, and seeds without the distance', async () => {
  await using scope = await testScope()
  await using further = await testScope()
  const here = await provision({}, scope)
  const session = (await adapter.connectPrimary!(here.address)) as AsyncSession
  await session.prepare('CREATE TABLE mine (id INTEGER PRIMARY KEY)')([])
  await session.close()
  const options = { ...adapter.defaults, rttMs: 4, emulator: 'relay' }
  const { address, distance, servers } = await adapter.move!(here, options, further)
  expect(distance).toMatchObject({ requestedRttNs: 4e6, emulator: 'relay' })
  expect(servers.map(({ name }) => name)).toEqual(['Turso sync server', 'relay'])
  expect(address).toMatchObject({ besideServer: here.address.url, directory: further.directory })
  expect(address.url).not.toBe(here.address.url)
  const far = await connect(address)
  expect(await far.prepare('SELECT count(*) AS n FROM mine')([])).toEqual([{ n: 0 }])
  await far.close()
  expect(adapter.replication?.configured?.(address)).toMatchObject({ expectedLagNs: 15e6 + 4e6 })
})
