import './libsql/quiet.ts'
import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdtemp, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { createClient } from '@libsql/client'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AsyncSession, Scope } from '../bench/contract/index.ts'
import { codeOf, toSqlatencyError } from '../bench/contract/index.ts'
import libsql from './libsql.ts'
import type { Address } from './libsql/address.ts'
import { remoteAddress } from './libsql/address.ts'
import { openPipeline } from './libsql/pipeline.ts'
import { startLibsqlServer } from './servers/libsql-server.ts'
import { conforms } from './testing/conformance.ts'
import type { TestScope } from './testing/scope.ts'
import { testScope } from './testing/scope.ts'

conforms('libsql', libsql)
conforms('libsql at a distance, without readYourWrites', libsql, { rttMs: 2, readYourWrites: false })
conforms('libsql with background syncs', libsql, { syncIntervalMs: 20 })

const JOB = { texts: [], scenarioModules: [] }
const INSERT = 'INSERT INTO item (id, name) VALUES (?, ?)'
const COUNT = 'SELECT COUNT(*) AS n FROM item'

let scope: TestScope
beforeEach(async () => {
  scope = await testScope()
})
afterEach(() => scope.close())

const provision = (options: Partial<typeof libsql.defaults> = {}, within: Scope = scope) =>
  libsql.provision({ ...libsql.defaults, ...options }, within, JOB)

/** A server with the table `item` and 3,000 rows in it. */
async function seeded(options: Partial<typeof libsql.defaults> = {}) {
  const provisioned = await provision(options)
  const primary = (await libsql.connectPrimary!(provisioned.address)) as AsyncSession
  await primary.prepare('CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT)')([])
  const text = `INSERT INTO item (id, name) VALUES ${Array.from({ length: 30 }, () => '(?, ?)').join(', ')}`
  const ids = Array.from({ length: 3000 }, (_, index) => index + 1)
  const calls = ids.filter((id) => id % 30 === 1).map((first) => ids.slice(first - 1, first + 29))
  await primary.batch(calls.map((some) => [text, some.flatMap((id) => [id, `item ${id}`])]))
  return { ...provisioned, primary }
}

const replicaOf = (address: Address) => libsql.connect(address) as Promise<AsyncSession>
const errorOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.unreachable('this should have failed'),
    (error: unknown) => error,
  )
const count = async (session: AsyncSession): Promise<unknown> => (await session.prepare(COUNT)([]))[0]!['n']

describe('an embedded replica', () => {
  test('reads what was seeded at the primary, and writes there', async () => {
    const { address, primary, servers, external } = await seeded()
    const replica = await replicaOf(structuredClone(address))
    const rows = await replica.prepare('SELECT id, name FROM item WHERE id = ?')([7])
    expect(rows.map((row) => Object.entries(row))).toEqual([
      [
        ['id', 7],
        ['name', 'item 7'],
      ],
    ])
    expect(await replica.prepare(INSERT)([5001, 'new'])).toEqual([])
    expect(await count(replica)).toBe(3001)
    expect(await count(primary)).toBe(3001)
    expect({ external, servers }).toEqual({
      external: false,
      servers: [{ name: 'libsql-server', version: expect.stringMatching(/^\d+\.\d+\.\d+$/), cpus: null }],
    })
  })

  test('without readYourWrites shows an own write after the next sync only', async () => {
    const { address, primary } = await seeded({ readYourWrites: false })
    const replica = await replicaOf(address)
    await replica.prepare(INSERT)([5001, 'new'])
    expect(await count(primary)).toBe(3001)
    expect(await count(replica)).toBe(3000)
    await replica.close()
    expect(await count(await replicaOf(address))).toBe(3001)
  })

  test('fetches changes in the background where syncIntervalMs is set', async () => {
    const { address, primary } = await seeded({ syncIntervalMs: 20 })
    const replica = await replicaOf(address)
    await primary.prepare(INSERT)([5001, 'new'])
    await expect.poll(() => count(replica)).toBe(3001)
  })

  test('fetches nothing more once it is closed', async () => {
    const { address, primary } = await seeded({ syncIntervalMs: 5 })
    await (await replicaOf(address)).close()
    await primary.prepare(INSERT)([5001, 'new'])
    await sleep(300)
    const plain = createClient({ url: pathToFileURL(address.file).href })
    expect((await plain.execute(COUNT)).rows).toEqual([{ n: 3000 }])
    plain.close()
  })

  test('keeps its file from one connection to the next and catches up on connect', async () => {
    const { address, primary } = await seeded()
    await (await replicaOf(address)).close()
    const before = await stat(address.file)
    await primary.prepare(INSERT)([5001, 'new'])
    const again = await replicaOf(address)
    expect(await count(again)).toBe(3001)
    expect((await stat(address.file)).ino).toBe(before.ino)
  })

  test('runs a batch wholly or not at all', async () => {
    const { address, primary } = await seeded()
    const replica = await replicaOf(address)
    await replica.batch([
      [INSERT, [5001, 'a']],
      [INSERT, [5002, 'b']],
    ])
    const error = await errorOf(
      replica.batch([
        [INSERT, [5003, 'c']],
        [INSERT, [5001, 'twice']],
      ]),
    )
    expect(codeOf(error)).toBe('SQLITE_CONSTRAINT')
    expect([await count(replica), await count(primary)]).toEqual([3002, 3002])
  })

  test('stays usable after errors, which have a code and one line', async () => {
    const { address, primary } = await seeded()
    const replica = await replicaOf(address)
    for (const session of [replica, primary]) {
      const twice = (await errorOf(session.prepare(INSERT)([1, 'twice']))) as Error
      expect([codeOf(twice), twice.message]).toEqual([
        expect.stringMatching(/^SQLITE_CONSTRAINT/),
        expect.stringMatching(/^(SQLITE_\w+: )?.*UNIQUE constraint failed: item\.id$/),
      ])
      for (const text of ['SELEC 1', 'SELECT nothing FROM item', 'SELECT 1 FROM absent']) {
        const error = (await errorOf(session.prepare(text)([]))) as Error
        expect([text, codeOf(error), error.message]).toEqual([
          text,
          expect.stringMatching(/^SQL/),
          expect.not.stringContaining('\n'),
        ])
      }
      expect(await count(session)).toBe(3000)
    }
  })

  test('gives columns back under their names, also those that rows of the driver hide', async () => {
    const { address, primary } = await seeded()
    for (const session of [await replicaOf(address), primary]) {
      const query = session.prepare('SELECT 7, 8, name AS length, id AS "0" FROM item WHERE id = ?')
      for (const id of [1, 2]) expect(await query([id])).toEqual([{ '7': 7, '8': 8, length: `item ${id}`, '0': id }])
    }
  })

  test('reports the settings of the live primary', async () => {
    const { address, primary } = await seeded()
    const settings = { journal_mode: 'wal', synchronous: 'normal', readYourWrites: true, syncIntervalMs: 0 }
    const facts = await (await replicaOf(address)).facts()
    expect(facts).toMatchObject({ durability: 'relaxed', settings: { ...settings, role: 'replica' } })
    expect(facts.driver).toEqual({ preparesEveryCall: true, readsDoNotSync: true, writeRoundTrips: 3 })
    expect(facts.versions['libsql-server']).toMatch(/^\d/)
    const atPrimary = await primary.facts()
    expect(atPrimary).toMatchObject({ durability: 'relaxed', settings: { ...settings, role: 'primary' } })
    expect(atPrimary.driver).toEqual({ preparesEveryCall: true })
  })

  test('a read shows what others wrote only after a sync, as its facts say', async () => {
    const { address, primary } = await seeded()
    const replica = await replicaOf(address)
    const before = Number(await count(replica))
    await primary.prepare(INSERT)([9001, 'of another'])
    for (let n = 0; n < 20; n += 1) expect(await count(replica)).toBe(before)
    await replica.catchUp!()
    expect(await count(replica)).toBe(before + 1)
  })

  test('goes the long way at a distance, seeding does not', async () => {
    const { address, distance } = await seeded({ rttMs: 2 })
    expect(distance).toMatchObject({ requestedRttNs: 2e6 })
    expect(address.syncUrl).not.toBe(address.primaryUrl)
    const replica = await replicaOf(address)
    await replica.prepare(INSERT)([5001, 'far'])
    expect(await count(replica)).toBe(3001)
  })
})

/** A replica whose primary is gone. Its server is started here, because provision does not hand out the process. */
async function dead() {
  const server = await startLibsqlServer(scope)
  const { address } = await provision({ url: `http://127.0.0.1:${server.port}` })
  const primary = (await libsql.connectPrimary!(address)) as AsyncSession
  await primary.batch([
    ['CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT)', []],
    [INSERT, [1, 'one']],
  ])
  const replica = await replicaOf(address)
  server.process.child.kill('SIGKILL')
  await expect.poll(() => server.process.isRunning()).toBe(false)
  return { address, primary, replica }
}

describe('when the primary has died', () => {
  test('reads go on and writes fail', async () => {
    const { primary, replica } = await dead()
    expect(await count(replica)).toBe(1)
    for (const failing of [
      () => replica.prepare(INSERT)([2, 'two']),
      () => replica.batch([[INSERT, [2, 'two']]]),
      () => replica.facts(),
      () => primary.prepare(COUNT)([]),
    ]) {
      const error = (await errorOf(failing())) as Error
      expect([codeOf(error), error.message]).toEqual(['UNREACHABLE', expect.not.stringContaining('\n')])
    }
    expect(await count(replica)).toBe(1)
  })

  test('nobody can connect', async () => {
    const { address, replica } = await dead()
    await replica.close()
    expect(codeOf(await errorOf(replicaOf(address)))).toBe('UNREACHABLE')
    expect(codeOf(await errorOf(provision({ url: address.primaryUrl })))).toBe('UNREACHABLE')
  })

  test('a silent one is given up', async () => {
    const silent = createServer().listen(0, '127.0.0.1')
    scope.defer(() => void silent.close())
    await expect.poll(() => silent.listening).toBe(true)
    const { port } = silent.address() as AddressInfo
    const pipeline = openPipeline(`http://127.0.0.1:${port}`, null, 100)
    expect(await errorOf(pipeline.execute('SELECT 1'))).toMatchObject({
      code: 'UNREACHABLE',
      message: expect.stringContaining('timed out'),
    })
    pipeline.close()
  })
})

describe('replication', () => {
  test.each([0, 20])(
    'shows a marker, at or after the position of its write (syncIntervalMs %i)',
    async (syncIntervalMs) => {
      const { address, primary } = await seeded({ syncIntervalMs })
      await primary.prepare('CREATE TABLE sqlatency_marker (id INTEGER PRIMARY KEY, seq INTEGER)')([])
      const rounds = await replicaOf(address)
      const reader = await libsql.replication!.reader(address)
      const writer = await libsql.replication!.writer(address)
      for (let marker = 1; marker <= 5; marker += 1) {
        const before = await reader.poll(marker)
        expect(before.visible).toBe(false)
        const written = await writer.write(marker)
        expect(written).toBeGreaterThan(before.position ?? 0)
        await expect.poll(async () => (await reader.poll(marker)).visible, { interval: 5 }).toBe(true)
        const { position } = await reader.poll(marker)
        // Nothing else writes, so the replica stands exactly where the write ended: neither number is off by one.
        expect(position).toBe(syncIntervalMs === 0 ? written : null)
      }
      expect(await rounds.prepare('SELECT COUNT(*) AS n FROM item')([])).toEqual([{ n: 3000 }])
      await Promise.all([reader.close(), writer.close()])
    },
  )

  test('numbers of frames agree for writes of many pages', async () => {
    const { address, primary } = await seeded()
    await primary.prepare('CREATE TABLE sqlatency_marker (id INTEGER PRIMARY KEY, seq INTEGER)')([])
    const pipeline = openPipeline(address.primaryUrl, null)
    const reader = await libsql.replication!.reader(address)
    const { frame } = await pipeline.execute(
      "INSERT INTO item (id, name) VALUES (?, printf('%.*c', 50000, 'x'))",
      [5001],
    )
    expect((await reader.poll(1)).position).toBe(frame)
    pipeline.close()
    await reader.close()
  })
})

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')

describe('a given url', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  function token(claims: object): string {
    const signed = `${encode({ alg: 'EdDSA', typ: 'JWT' })}.${encode(claims)}`
    return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`
  }
  async function guarded(): Promise<string> {
    const jwtKeyFile = join(await mkdtemp(join(scope.directory, 'key ')), 'public.pem')
    await writeFile(jwtKeyFile, publicKey.export({ type: 'spki', format: 'pem' }))
    return `libsql://127.0.0.1:${(await startLibsqlServer(scope, { jwtKeyFile })).port}?tls=0`
  }

  test('works with its token', async () => {
    const { address, external, servers } = await provision({ url: await guarded(), authToken: token({ a: 'rw' }) })
    expect({ external, servers }).toEqual({ external: true, servers: [] })
    const primary = (await libsql.connectPrimary!(address)) as AsyncSession
    await primary.prepare('CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT)')([])
    const replica = await replicaOf(address)
    await replica.prepare(INSERT)([1, 'one'])
    expect([await count(replica), await count(primary)]).toEqual([1, 1])
    expect((await replica.facts()).durability).toBe('relaxed')
  })

  test('denies access to a wrong, a missing and a read-only token, and tells none', async () => {
    const url = await guarded()
    const right = token({ a: 'rw' })
    const { address } = await provision({ url, authToken: right })
    const wrong = token({ a: 'rw', exp: 1 })
    const readOnly = token({ a: 'ro' })
    const failures = [
      await errorOf(provision({ url, authToken: wrong })),
      await errorOf(provision({ url })),
      await errorOf(replicaOf({ ...address, authToken: wrong })),
      await errorOf(replicaOf({ ...address, authToken: null })),
      await errorOf(
        ((await libsql.connectPrimary!({ ...address, authToken: wrong })) as AsyncSession).prepare('SELECT 1')([]),
      ),
      await errorOf(
        (await replicaOf({ ...address, authToken: readOnly })).prepare('CREATE TABLE item (id INTEGER)')([]),
      ),
    ].map((error) => toSqlatencyError(error))
    expect(failures.map(({ code }) => code)).toEqual(failures.map(() => 'ACCESS_DENIED'))
    for (const secret of [wrong, right, readOnly]) {
      expect(failures.map(({ message, remedy }) => message + remedy).join()).not.toContain(secret)
    }
  }, 20_000)

  test.each([
    ['libsql://db-me.turso.io', null, 'https://db-me.turso.io', null],
    ['https://db-me.turso.io/?authToken=abc', null, 'https://db-me.turso.io', 'abc'],
    ['libsql://localhost:8080/dev/?tls=0', 'abc', 'http://localhost:8080/dev', 'abc'],
  ])('%s becomes what both clients know', (url, authToken, base, expected) => {
    expect(remoteAddress(url, authToken)).toEqual({ base, authToken: expected })
  })

  test.each([
    ['file:secret.db', null, 'CONFIG_INVALID'],
    ['secret', null, 'CONFIG_INVALID'],
    ['http://127.0.0.1:1', 'secret\n', 'ACCESS_DENIED'],
  ])('%j with token %j is refused before anything is opened', async (url, authToken, code) => {
    const error = (await errorOf(provision({ url, authToken }))) as Error
    expect([codeOf(error), error.message]).toEqual([code, expect.not.stringContaining('secret')])
  })

  test('cannot have a distance put before it', async () => {
    expect(codeOf(await errorOf(provision({ url: 'http://127.0.0.1:1', rttMs: 5 })))).toBe('CONFIG_INVALID')
  })
})
