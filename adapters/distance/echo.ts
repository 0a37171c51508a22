import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:net'

/** Where something listens. */
export interface End {
  readonly host: string
  readonly port: number
}

/** Sends back what it gets, on a loopback port. */
export async function startEcho(): Promise<End & AsyncDisposable> {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy())
    socket.pipe(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.close()
      await once(server, 'close')
    },
  }
}

/** Times of echoes one after another, nanoseconds. The first one, which pays for the handshake, is left out. */
export async function echoTimesNs(end: End, echoes: number, signal: AbortSignal): Promise<number[]> {
  const socket = connect({ ...end, noDelay: true })
  const timesNs: number[] = []
  try {
    for (let n = 0; n <= echoes; n += 1) {
      const start = process.hrtime.bigint()
      socket.write('?')
      await once(socket, 'data', { signal })
      timesNs.push(Number(process.hrtime.bigint() - start))
    }
    socket.end()
    await once(socket, 'close', { signal })
  } finally {
    socket.destroy()
  }
  return timesNs.slice(1)
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2
}
