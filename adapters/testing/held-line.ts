import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { connect, createServer } from 'node:net'
import type { Scope } from '../../bench/contract/index.ts'
import type { End } from '../distance/echo.ts'

/** A TCP line to a server of this machine on which nothing comes back while it is held. */
export interface HeldLine extends End {
  hold(): void
  release(): void
}

export async function openHeldLine(far: End, scope: Scope): Promise<HeldLine> {
  let isHeld = false
  const answers = new Set<Socket>()
  const server = createServer((near) => {
    const socket = connect(far)
    answers.add(socket)
    for (const one of [near, socket])
      one
        .on('error', () => undefined)
        .on('close', () => {
          near.destroy()
          socket.destroy()
          answers.delete(socket)
        })
    near.pipe(socket)
    socket.on('data', (chunk) => void near.write(chunk))
    if (isHeld) socket.pause()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  scope.defer(() => {
    for (const socket of answers) socket.destroy()
    server.close()
  })
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    hold() {
      isHeld = true
      for (const socket of answers) socket.pause()
    },
    release() {
      isHeld = false
      for (const socket of answers) socket.resume()
    },
  }
}
