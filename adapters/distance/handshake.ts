import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { End } from './echo.ts'
import { median } from './echo.ts'

const TIMES = 9
const LONGEST_MS = 10_000

/**
 * Median time of TCP handshakes one after another, nanoseconds: a round trip to whatever accepts, which may be a proxy
 * before the database. The name is looked up before. Null where one of them does not come about.
 */
export async function handshakeNs(end: End): Promise<number | null> {
  try {
    return median(await handshakesNs(end))
  } catch {
    return null
  }
}

async function handshakesNs({ host, port }: End): Promise<number[]> {
  const { address } = await lookup(host)
  const timesNs: number[] = []
  for (let n = 0; n < TIMES; n += 1) {
    const start = process.hrtime.bigint()
    const socket = connect({ host: address, port })
    try {
      await once(socket, 'connect', { signal: AbortSignal.timeout(LONGEST_MS) })
      timesNs.push(Number(process.hrtime.bigint() - start))
    } finally {
      socket.destroy()
    }
  }
  return timesNs
}
