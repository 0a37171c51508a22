import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Far } from '../../../adapters/distance/index.ts'
import { startDistance } from '../../../adapters/distance/index.ts'
import type { Work } from '../../contract/index.ts'
import { compileAsync, flow, rowCount, single } from '../../contract/index.ts'
import { closedLoop } from '../../measure/closed-loop.ts'
import { questionSource } from '../../measure/draw.ts'
import type { Bench, Check } from '../check.ts'
import { ascending, plainQuantile } from '../reference.ts'
import type { Row } from '../row.ts'
import { exactly, near } from '../row.ts'
import { TIMED } from '../synthetic/backend.ts'
import { openRemote, startEcho } from '../synthetic/remote.ts'

/** Distances, and how far the measured one may be from each: METHOD, "Distance". */
const DISTANCES = [
  { rttMs: 2, allowedNs: 0.15e6, echoes: 151, pages: 15 },
  { rttMs: 10, allowedNs: 0.04 * 10e6, echoes: 51, pages: 9 },
  { rttMs: 40, allowedNs: 0.02 * 40e6, echoes: 21, pages: 5 },
] as const

/** Queries of the page that asks for each of its rows. */
const PAGE_QUERIES = 21
const K_ALLOWED = 0.1
const BYTES = 1_000_000

const one = single(TIMED)
const page = flow(
  { query: TIMED },
  () => [],
  function* (ask) {
    for (let n = 1; n < PAGE_QUERIES; n += 1) yield ask.query()
    return yield ask.query()
  },
)

/** A relay that is as far away as it says, changes nothing, and is crossed once a query. */
export const distanceCheck: Check = {
  id: 'distance',
  title: 'Distance, and round trips an operation',
  async run(bench) {
    await using echo = await startEcho()
    const rows: Row[] = []
    const seen: Seen[] = []
    for (const { rttMs, allowedNs, echoes, pages } of bench.timed ? DISTANCES : DISTANCES.slice(0, 1)) {
      bench.signal.throwIfAborted()
      const name = `${rttMs} ms`
      const scope = bench.place.scope(`relay-${rttMs}-${rows.length}-${Date.now()}`, null)
      const end = { host: '127.0.0.1', port: echo.port }
      const relay = await startDistance({ ...end, rttMs, name: 'an echo', started: true, emulator: 'relay' }, scope)
      rows.push(exactly(`${name}: bytes changed on the way`, 0, await bytesChanged(relay)))
      if (!bench.timed) continue
      const here = await look(bench, relay, echoes, pages)
      seen.push(here)
      rows.push(near(`${name}: round trip, p50`, 'ns', rttMs * 1e6, here.rttNs, allowedNs))
      rows.push(
        near(`${name}: what the relay says of itself`, 'ns', here.rttNs, relay.distance.measuredRttNs, allowedNs),
      )
    }
    if (seen.length < 3) return rows
    const perQuery = slope(seen.map(({ askedNs, rttNs }) => [askedNs, rttNs]))
    const perPage = slope(seen.map(({ rttNs, pageNs }) => [rttNs, pageNs]))
    return [
      ...rows,
      near('round trips of one query', 'number', 1, perQuery, K_ALLOWED),
      near(`round trips of a page of ${PAGE_QUERIES} queries`, 'number', PAGE_QUERIES, perPage, K_ALLOWED),
    ]
  },
}

interface Seen {
  readonly askedNs: number
  readonly rttNs: number
  readonly pageNs: number
}

async function look({ quick }: Bench, { port, distance }: Far, echoes: number, pages: number): Promise<Seen> {
  const part = quick ? 3 : 1
  const rttNs = await medianOf(one, port, Math.ceil(echoes / part))
  return { askedNs: distance.requestedRttNs, rttNs, pageNs: await medianOf(page, port, Math.ceil(pages / part)) }
}

/** By the loop that measures a round. The first operation pays for the handshake and is warm-up, as it is there. */
async function medianOf(work: Work, port: number, operations: number): Promise<number> {
  const session = await openRemote(port)
  const operation = { mode: 'async', run: compileAsync(work, session, 'sqlite') } as const
  const source = questionSource(work, rowCount(1), [1])
  const loop = (maxOperations: number): ReturnType<typeof closedLoop> =>
    closedLoop(operation, source, { durationNs: Number.MAX_SAFE_INTEGER, maxOperations, minOperations: 1 })
  await loop(1)
  const { durationsNs } = await loop(operations)
  await session.close()
  return plainQuantile(ascending(durationsNs), 0.5)
}

/** Slope of latency over distance: the median of the slopes between any two (Theil 1950, Sen 1968). */
function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const slopes = points.flatMap(([x, y], n) => points.slice(n + 1).map(([x2, y2]) => (y2 - y) / (x2 - x)))
  return plainQuantile(ascending(Float64Array.from(slopes)), 0.5)
}

async function bytesChanged({ port }: Far): Promise<number> {
  const sent = randomBytes(BYTES)
  const socket = connect({ host: '127.0.0.1', port })
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  socket.end(sent)
  await once(socket, 'close')
  const received = Buffer.concat(chunks)
  const differing = sent.filter((byte, n) => byte !== received[n]).length
  return differing + Math.max(0, received.length - sent.length)
}
