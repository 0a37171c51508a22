import { createServer } from 'node:net'
import process from 'node:process'

/** The server of distance.bench.ts, in a process of its own. A first byte of `?` asks for echoes, a digit n for 10^n bytes. */
const CHUNK = Buffer.alloc(65_536, 7)

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => socket.destroy())
  socket.once('data', (first: Buffer) => {
    if (first[0] === 63) {
      socket.write(first)
      socket.pipe(socket)
      return
    }
    let left = 10 ** Number(first.toString('latin1'))
    const pour = (): void => {
      while (left > 0) {
        const part = CHUNK.subarray(0, Math.min(left, CHUNK.length))
        left -= part.length
        if (!socket.write(part) && left > 0) {
          socket.once('drain', pour)
          return
        }
      }
      socket.end()
    }
    pour()
  })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address !== null && typeof address !== 'string') process.send?.(address.port)
})
process.on('disconnect', () => process.exit(0))
