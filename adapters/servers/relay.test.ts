import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo, Server, Socket } from 'node:net'
import { connect, createServer } from 'node:net'
import { setImmediate as yieldToLoop, setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { TestScope } from '../testing/scope.ts'
import { testScope } from '../testing/scope.ts'
import type { Relay } from './relay.ts'
import { startRelay } from './relay.ts'

const RTTS_MS = [0.5, 2, 5]

/** What the server at the far end does with a connection; every test sets its own. */
let serve: (socket: Socket) => void = () => undefined
let server: Server
let scope: TestScope
let relays: Relay[]

beforeAll(async () => {
  scope = await testScope()
  server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined)
    serve(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  relays = await Promise.all(
    RTTS_MS.map((rttMs) => startRelay({ host: '127.0.0.1', port, rttMs, name: 'relay' }, scope)),
  )
}, 60_000)

afterAll(async () => {
  await scope.close()
  server.close()
})

function dial(relay: Relay = relays[1]!): Socket {
  const socket = connect({ host: '127.0.0.1', port: relay.port, allowHalfOpen: true })
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

describe('relay', { timeout: 30_000 }, () => {
  it('reports a distance that was measured through it', () => {
    for (const [n, { distance }] of relays.entries()) {
      expect(distance).toMatchObject({ emulator: 'relay', requestedRttNs: RTTS_MS[n]! * 1e6 })
      expect(distance.echoes).toBeGreaterThanOrEqual(20)
      // The relay may take off a quarter of the delay for its own cost, and noise only adds.
      expect(distance.measuredRttNs).toBeGreaterThan(RTTS_MS[n]! * 0.75e6)
    }
  })

  it('brings any chunks in both directions unchanged and in order, and passes each end on alone', async () => {
    const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 3000 }), { maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(
        fc.nat(RTTS_MS.length - 1),
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
          const client = dial(relays[which])
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
        const client = dial(relays[n % relays.length])
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
    const client = dial()
    client.end(Buffer.alloc(total, 7))
    await sleep(700)
    // Node counts a buffer as gone when all of it is. The part that is gone lies in the relay and in the sockets.
    expect(client.writableLength).toBe(total)
    const received = await receive(await accepted)
    expect(received.length).toBe(total)
    expect(received.every((byte) => byte === 7)).toBe(true)
  })

  it('passes a reset on in either direction', async () => {
    serve = (socket) => void socket.once('data', () => socket.resetAndDestroy())
    const client = dial()
    client.write('!')
    expect(await closeCode(client)).toBe('ECONNRESET')

    const atServer = new Promise<string | undefined>((resolve, reject) => {
      serve = (socket) => {
        closeCode(socket).then(resolve, reject)
        socket.write('hello')
        socket.resume()
      }
    })
    const other = dial()
    await once(other, 'data')
    other.resetAndDestroy()
    expect(await atServer).toBe('ECONNRESET')
  })

  it('resets the client when the server refuses', async () => {
    const refused = await startRelay({ host: '127.0.0.1', port: 1, rttMs: 1, name: 'relay' }, scope)
    const client = dial(refused)
    client.write('!')
    expect(await closeCode(client)).toBe('ECONNRESET')
  })

  it('refuses a distance that it cannot keep', async () => {
    for (const rttMs of [0, -1, Number.NaN, 20_000]) {
      await expect(startRelay({ host: '127.0.0.1', port: 1, rttMs, name: 'relay' }, scope)).rejects.toMatchObject({
        code: 'USAGE',
      })
    }
  })

  it('ends when its parent does', async () => {
    const child = fork(new URL('./relay-process.ts', import.meta.url))
    onTestFinished(() => void child.kill('SIGKILL'))
    child.send({ host: '127.0.0.1', port: 1, rttMs: 1, costMs: 0 })
    await once(child, 'message')
    child.disconnect()
    const [exitCode] = (await once(child, 'exit')) as [number]
    expect(exitCode).toBe(0)
  })
})
