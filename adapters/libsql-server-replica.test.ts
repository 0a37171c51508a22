import { generateKeyPairSync, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Adapter, AsyncSession } from '../bench/contract/index.ts'
import { probeOwnWrites } from '../bench/run/own-writes.ts'
import adapter from './libsql-server-replica.ts'
import { startLibsqlPair } from './servers/libsql-pair.ts'
import { startLibsqlServer } from './servers/libsql-server.ts'
import { conforms } from './testing/conformance.ts'
import type { HeldLine } from './testing/held-line.ts'
import { openHeldLine } from './testing/held-line.ts'
import { canLook, descendants } from './testing/leftovers.ts'
import type { TestScope } from './testing/scope.ts'
import { testScope } from './testing/scope.ts'

conforms('libsql-server-replica', adapter)
conforms('libsql-server-replica without readYourWrites', adapter, { readYourWrites: false })
conforms('libsql-server-replica, its primary 5 ms away', adapter, { rttMs: 5 })

type Options = typeof adapter.defaults
type Address = Parameters<typeof adapter.connect>[0]

const provision = (options: Partial<Options>, scope: TestScope) =>
  adapter.provision({ ...adapter.defaults, ...options }, scope, { texts: [], scenarioModules: [] })
const connect = async (address: Address): Promise<AsyncSession> => (await adapter.connect(address)) as AsyncSession
const urlOf = ({ port }: { readonly port: number }): string => `http://127.0.0.1:${port}`

/** A pair as somebody else started it, and the line over which the replica gets its frames. */
async function startedElsewhere(scope: TestScope) {
  let line: HeldLine | null = null
  const { primary, replica } = await startLibsqlPair(
    scope,
    async ({ grpc }) => (line = await openHeldLine(grpc, scope)),
  )
  return { url: urlOf(primary), replicaUrl: urlOf(replica), line: line! as HeldLine }
}

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')

const MARKERS = 'CREATE TABLE sqlatency_marker (id INTEGER PRIMARY KEY, seq INTEGER)'

describe('libsql-server-replica by its URLs', { timeout: 60_000 }, () => {
  it('starts nothing, writes at the one and reads at the other', async () => {
    await using scope = await testScope()
    const { line, ...urls } = await startedElsewhere(scope)
    const { address, servers, external, distance } = await provision(urls, scope)
    expect({ servers, external, distance }).toEqual({ servers: [], external: true, distance: null })
    expect(address).toMatchObject({ primary: { primaryUrl: urls.url }, replica: { primaryUrl: urls.replicaUrl } })
    const session = await connect(address)
    await session.prepare(MARKERS)([])
    await session.catchUp!()
    line.hold()
    await session.prepare('INSERT INTO sqlatency_marker VALUES (?, ?)')([1, 1])
    const read = session.prepare('SELECT id FROM sqlatency_marker')([])
    line.release()
    expect(await read).toEqual([{ id: 1 }])
    expect((await session.facts()).settings).toMatchObject({ journal_mode: 'wal', readYourWrites: true })
    await session.close()
  })

  it('a session without readYourWrites reads the old state while no frame arrives, and what it misses is counted', async () => {
    await using scope = await testScope()
    const { line, ...urls } = await startedElsewhere(scope)
    const { address } = await provision({ ...urls, readYourWrites: false }, scope)
    const session = await connect(address)
    await session.prepare(MARKERS)([])
    await session.catchUp!()
    line.hold()
    let marker = 0
    const opened = { ...adapter, connect: () => session } as unknown as Adapter
    const own = await probeOwnWrites(opened, { address, seed: 1, probes: 5 }, () => (marker += 1))
    expect(own).toMatchObject({ probes: 5, missed: 5 })
    line.release()
    const later = await connect(address)
    expect(await later.prepare('SELECT count(*) AS n FROM sqlatency_marker')([])).toEqual([{ n: 5 }])
    await later.close()
  })

  it('takes its token to both, and refuses where it is missing', async () => {
    await using scope = await testScope()
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    const jwtKeyFile = join(scope.directory, 'public.pem')
    await writeFile(jwtKeyFile, publicKey.export({ type: 'spki', format: 'pem' }))
    const signed = `${encode({ alg: 'EdDSA', typ: 'JWT' })}.${encode({ a: 'rw' })}`
    const authToken = `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`
    const primary = await startLibsqlServer(scope, { grpc: true, jwtKeyFile })
    const follows = { host: '127.0.0.1', port: primary.grpcPort! }
    const urls = { url: urlOf(primary), replicaUrl: urlOf(await startLibsqlServer(scope, { follows, jwtKeyFile })) }
    await expect(provision(urls, scope)).rejects.toMatchObject({ code: 'ACCESS_DENIED' })
    const { address } = await provision({ ...urls, authToken }, scope)
    const session = await connect(address)
    await session.prepare(MARKERS)([])
    const writer = await adapter.replication!.writer(address)
    const reader = await adapter.replication!.reader(address)
    await writer.write(7)
    await expect.poll(async () => (await reader.poll(7)).visible).toBe(true)
    expect((await session.facts()).settings).toMatchObject({ journal_mode: 'wal' })
    await Promise.all([writer.close(), reader.close(), session.close()])
  })

  it('refuses what is no pair', async () => {
    await using scope = await testScope()
    await using elsewhere = await testScope()
    const { url, replicaUrl } = await startedElsewhere(scope)
    const stranger = urlOf(await startLibsqlServer(elsewhere))
    for (const [one, texts] of [
      [{ url, replicaUrl }, [MARKERS]],
      [
        { url: stranger, replicaUrl: stranger.replace('127.0.0.1', 'localhost') },
        ['CREATE TABLE a (b)', 'CREATE TABLE c (d)'],
      ],
    ] as const) {
      const session = await connect((await provision(one, scope)).address)
      for (const text of texts) await session.prepare(text)([])
      await session.close()
    }
    const cases: [Partial<Options>, string, RegExp][] = [
      [{ url }, 'CONFIG_INVALID', /a url is given alone/],
      [{ replicaUrl }, 'CONFIG_INVALID', /a replicaUrl is given alone/],
      [{ url, replicaUrl, rttMs: 5 }, 'CONFIG_INVALID', /rttMs puts distance/],
      [{ url, replicaUrl: url }, 'CONFIG_INVALID', /lead to the same server/],
      [{ url, replicaUrl: stranger }, 'CONFIG_INVALID', /does not follow the first/],
      [{ url, replicaUrl: 'http://127.0.0.1:1' }, 'UNREACHABLE', /127.0.0.1|ECONNREFUSED|does not answer/],
      [{ url: 'file:secret.db', replicaUrl }, 'CONFIG_INVALID', /must start with libsql/],
    ]
    for (const [options, code, message] of cases)
      await expect(provision(options, scope), JSON.stringify(options)).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message),
      })
  })
})

describe('libsql-server-replica whose primary is far away', { timeout: 60_000 }, () => {
  it('dials the primary the long way from the application and from the replica, and seeds without it', async () => {
    await using scope = await testScope()
    const { address, distance, servers } = await provision({ rttMs: 4, emulator: 'relay' }, scope)
    expect(distance).toMatchObject({ requestedRttNs: 4e6, emulator: 'relay' })
    expect(servers.map(({ name }) => name)).toEqual(['libsql-server', 'libsql-server replica', 'relay'])
    expect(address.primary).not.toEqual(address.besidePrimary)
    expect(adapter.replication?.configured?.(address)).toMatchObject({ expectedLagNs: 3e6 + 6e6 })
    if (!canLook) return
    const commands = descendants().map(({ pid }) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '))
    const listens = commands.map((one) => /--grpc-listen-addr 127\.0\.0\.1:(\d+)/.exec(one)?.[1]).find(Boolean)
    const follows = commands.map((one) => /--primary-grpc-url http:\/\/127\.0\.0\.1:(\d+)/.exec(one)?.[1]).find(Boolean)
    expect([listens, follows]).toEqual([expect.any(String), expect.any(String)])
    expect(follows).not.toBe(listens)
  })
})
