import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo, Server, Socket } from 'node:net'
import { connect, createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { rm } from 'node:fs/promises'
import { setImmediate as yieldToLoop, setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { processesNaming } from '../../bench/testing/cli.ts'
import type { TestScope } from '../testing/scope.ts'
import { testScope } from '../testing/scope.ts'
import type { DistanceRequest, Far } from './index.ts'
import { echoTimesNs, roundTripNs } from './echo.ts'
import { findEmulators, startDistance } from './index.ts'

/** What the server at the far end does with a connection; every test sets its own. */
let serve: (socket: Socket) => void = () => undefined
let server: Server
let scope: TestScope
let port: number

beforeAll(async () => {
  scope = await testScope()
  server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined)
    serve(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
}, 60_000)

afterAll(async () => {
  await scope.close()
  server.close()
})

const far = (wanted: Partial<DistanceRequest>, inner: TestScope = scope): Promise<Far> =>
  startDistance({ host: '127.0.0.1', port, rttMs: 2, name: 'server', started: true, ...wanted }, inner)

function dial({ host, port: there }: Pick<Far, 'host' | 'port'>): Socket {
  const socket = connect({ host, port: there, allowHalfOpen: true })
  socket.on('error', () => undefined)
  return socket
}

/** Everything that comes, up to the other side's end. */
async function receive(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  await once(socket, 'end')
  return Buffer.concat(chunks)
}

async function send(socket: Socket, chunks: readonly Uint8Array[]): Promise<void> {
  for (const chunk of chunks) {
    socket.write(chunk)
    await yieldToLoop()
  }
}

const closeCode = async (socket: Socket): Promise<string | undefined> => {
  const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException]
  return error.code
}

/** Whether the device is up, or the relay listens. */
async function isThere({ host, port: near }: Pick<Far, 'host' | 'port'>): Promise<boolean> {
  if (host !== '127.0.0.1') {
    const own = host.replace(/\d+$/, (last) => String(Number(last) - 1))
    return Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === own))
  }
  const socket = connect({ host, port: near })
  const open = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
  })
  socket.destroy()
  return open
}

/** What this machine has; the relay is everywhere. */
const here = await (async () => {
  await using trial = await testScope()
  return (await findEmulators(trial)).filter(({ distance }) => distance !== null).map(({ emulator }) => emulator)
})()

it('has the relay wherever it runs', () => expect(here).toContain('relay'))

describe.each(here)('%s', { timeout: 60_000 }, (emulator) => {
  it('echoes by itself, over the distance and without it, as long as it is there', async () => {
    const inner = await testScope()
    const { echo } = (await far({ emulator, rttMs: 20 }, inner)).distance
    expect(await roundTripNs(echo, 20e6)).toBeGreaterThan(15e6)
    expect(await roundTripNs({ ...echo, far: echo.here }, 2e4)).toBeLessThan(15e6)
    for (const [end, text] of [
      [echo.far, 'far away'],
      [echo.here, 'here'],
    ] as const) {
      const client = dial(end)
      const received = receive(client)
      client.end(text)
      expect((await received).toString()).toBe(text)
    }
    await inner.close()
    expect(await isThere(echo.far)).toBe(false)
    expect(await isThere(echo.here)).toBe(false)
    await expect(roundTripNs({ ...echo, far: echo.here }, 2e4)).rejects.toThrow('ECONNREFUSED')
  })

  it('goes on to echo whatever its clients do, and to serve', async () => {
    const line = await far({ emulator })
    const ends = Object.values(line.distance.echo)
    // Those that stay, those that never read, those that break off, and those that go at once.
    const idle = Array.from({ length: 100 }, (_, n) => dial(ends[n % 2]!))
    onTestFinished(() => {
      for (const socket of idle) socket.destroy()
    })
    for (const end of ends) {
      const deaf = dial(end).pause()
      onTestFinished(() => void deaf.destroy())
      deaf.write(randomBytes(16 * 1024 * 1024))
      const rude = dial(end)
      await once(rude, 'connect')
      rude.write(randomBytes(100_000))
      rude.resetAndDestroy()
      for (let n = 0; n < 50; n += 1) dial(end).destroy()
    }
    for (const end of ends) expect(await echoTimesNs(end, 20, AbortSignal.timeout(30_000))).toHaveLength(20)
    serve = (socket) => void socket.pipe(socket)
    const client = dial(line)
    const received = receive(client)
    client.end('still there')
    expect((await received).toString()).toBe('still there')
  })

  const wanted = [
    { rttMs: 0.5 },
    { rttMs: 2 },
    { rttMs: 5 },
    ...(emulator === 'netem' ? [] : [{ rttMs: 2, jitterMs: 2, bandwidthMbps: 100 }]),
  ]
  let lines: Far[]

  beforeAll(async () => {
    lines = []
    for (const one of wanted) lines.push(await far({ ...one, emulator }))
  })

  it('reports a distance that was measured through it', () => {
    for (const [n, { distance, servers }] of lines.entries()) {
      const requestedRttNs = wanted[n]!.rttMs * 1e6
      expect(distance).toMatchObject({ emulator, requestedRttNs })
      expect(distance.echoes).toBeGreaterThanOrEqual(20)
      // It may take off a quarter of the delay for its own cost, and jitter another half; noise only adds.
      expect(distance.measuredRttNs).toBeGreaterThan(requestedRttNs * 0.25)
      expect(distance.untrue.includes('no-slow-start')).toBe(emulator === 'relay')
      expect(distance.untrue.includes('no-jitter')).toBe(distance.jitterNs === 0)
      expect(servers.map(({ name }) => name)).toEqual([emulator])
    }
  })

  it('brings any chunks in both directions unchanged and in order, and passes each end on alone', async () => {
    const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 3000 }), { maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(
        fc.nat(wanted.length - 1),
        chunks,
        chunks,
        fc.boolean(),
        async (which, up, down, serverEndsFirst) => {
          const atServer = new Promise<Buffer>((resolve, reject) => {
            serve = (socket) => {
              const all = receive(socket)
              // Ends its side before the client does, or only after having got everything.
              const answered = serverEndsFirst ? send(socket, down) : all.then(() => send(socket, down))
              answered.then(() => socket.end()).catch(reject)
              all.then(resolve, reject)
            }
          })
          const client = dial(lines[which]!)
          const atClient = receive(client)
          await send(client, up)
          if (serverEndsFirst) await atClient
          client.end()
          expect((await atServer).equals(Buffer.concat(up))).toBe(true)
          expect((await atClient).equals(Buffer.concat(down))).toBe(true)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('keeps many connections apart', async () => {
    serve = (socket) => void socket.pipe(socket)
    await Promise.all(
      Array.from({ length: 100 }, async (_, n) => {
        const sent = Array.from({ length: 10 }, (__, k) => randomBytes(1 + ((n * 7919 + k * 104_729) % 20_000)))
        const client = dial(lines[n % lines.length]!)
        const received = receive(client)
        await send(client, sent)
        client.end()
        expect((await received).equals(Buffer.concat(sent))).toBe(true)
      }),
    )
  })

  it('holds little for a reader that does not read, and loses nothing', async () => {
    const total = 96 * 1024 * 1024
    const accepted = new Promise<Socket>((resolve) => {
      serve = resolve
    })
    const client = dial(lines[1]!)
    client.end(Buffer.alloc(total, 7))
    await sleep(700)
    // Node counts a buffer as gone when all of it is. The part that is gone lies under way and in the sockets.
    expect(client.writableLength).toBe(total)
    const received = await receive(await accepted)
    expect(received.length).toBe(total)
    expect(received.every((byte) => byte === 7)).toBe(true)
  })

  it('passes a reset on in either direction', async () => {
    serve = (socket) => void socket.once('data', () => socket.resetAndDestroy())
    const client = dial(lines[1]!)
    client.write('!')
    expect(await closeCode(client)).toBe('ECONNRESET')

    const atServer = new Promise<string | undefined>((resolve, reject) => {
      serve = (socket) => {
        closeCode(socket).then(resolve, reject)
        socket.write('hello')
        socket.resume()
      }
    })
    const other = dial(lines[1]!)
    await once(other, 'data')
    other.resetAndDestroy()
    expect(await atServer).toBe('ECONNRESET')
  })

  it('tells the client that the server refuses', async () => {
    const client = dial(await far({ port: 1, emulator }))
    client.write('!')
    expect(await closeCode(client)).toBe(emulator === 'relay' ? 'ECONNRESET' : 'ECONNREFUSED')
  })

  it('leaves no device and no port when its scope ends', async () => {
    const inner = await testScope()
    const line = await far({ emulator }, inner)
    expect(await isThere(line)).toBe(true)
    await inner.close()
    expect(await isThere(line)).toBe(false)
  })

  it('nor when the harness is killed', async () => {
    const child = fork(new URL('../testing/doomed-distance.ts', import.meta.url), [emulator, String(port)])
    onTestFinished(() => void child.kill('SIGKILL'))
    const [line] = (await once(child, 'message')) as [Far & { directory: string }]
    onTestFinished(() => rm(line.directory, { recursive: true, force: true }))
    expect(await isThere(line)).toBe(true)
    child.kill('SIGKILL')
    await expect.poll(() => isThere(line), { timeout: 30_000 }).toBe(false)
  })
})

it('takes the best that there is, and the relay for a server of somebody else', async () => {
  expect((await far({})).distance.emulator).toBe(here[0])
  expect((await far({ started: false })).distance.emulator).toBe('relay')
  await expect(far({ started: false, emulator: 'tun' })).rejects.toMatchObject({ code: 'EMULATOR_MISSING' })
  await expect(far({ emulator: 'pigeon' })).rejects.toMatchObject({ code: 'UNKNOWN_NAME' })
})

it.runIf(here.includes('tun'))('leaves no device of an emulator that turns out not to work', async () => {
  await using inner = await testScope()
  const devices = () => processesNaming(inner.directory)
  await far({ emulator: 'tun' }, inner)
  expect(devices()).toHaveLength(1)
  // No tc is found then; the helper is compiled.
  vi.stubEnv('PATH', '/nowhere')
  onTestFinished(() => void vi.unstubAllEnvs())
  await expect(far({ emulator: 'netem' }, inner)).rejects.toThrow(/tc is missing/)
  expect(devices()).toHaveLength(1)
})

it.each([
  { rttMs: 0 },
  { rttMs: -1 },
  { rttMs: Number.NaN },
  { rttMs: 20_000 },
  { jitterMs: 3 },
  { bandwidthMbps: -1 },
])('refuses %o', async (wanted) => {
  await expect(far(wanted)).rejects.toMatchObject({ code: 'USAGE' })
})

it('ends the relay when its parent does', async () => {
  const child = fork(new URL('./relay-process.ts', import.meta.url))
  onTestFinished(() => void child.kill('SIGKILL'))
  child.send({ open: { host: '127.0.0.1', port: 1 } })
  await once(child, 'message')
  child.disconnect()
  const [exitCode] = (await once(child, 'exit')) as [number]
  expect(exitCode).toBe(0)
})
