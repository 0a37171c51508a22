import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { connect, createServer } from 'node:net'
import type { AsyncSession, Rows } from '../../contract/index.ts'
import { TIMED } from './backend.ts'

/** The smallest server there is: it sends back what it gets. */
export async function startEcho(): Promise<{ readonly port: number } & AsyncDisposable> {
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.pipe(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

const REQUEST = Buffer.alloc(8, 1)
const NO_ROWS: Rows = []

/** A protocol of one request and one answer a statement: as many round trips as statements, and nothing else. */
export async function openRemote(port: number): Promise<AsyncSession> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true })
  await once(socket, 'connect')
  let awaited = 0
  let settle: { resolve(rows: Rows): void; reject(error: Error): void } | null = null
  socket.on('data', (chunk) => {
    awaited -= chunk.length
    if (awaited === 0) settle?.resolve(NO_ROWS)
  })
  socket.on('error', (error) => settle?.reject(error))
  socket.on('close', () => settle?.reject(new Error('the connection was closed')))
  const roundTrip = (): Promise<Rows> =>
    new Promise((resolve, reject) => {
      settle = { resolve, reject }
      awaited = REQUEST.length
      socket.write(REQUEST)
    })
  return {
    mode: 'async',
    prepare: (text) => (text === TIMED ? roundTrip : () => Promise.resolve(NO_ROWS)),
    batch: () => Promise.resolve(),
    facts: () => Promise.resolve({ durability: 'undeclared', settings: {}, versions: {} }),
    async close() {
      settle = null
      socket.end()
      await once(socket, 'close')
    },
  }
}
