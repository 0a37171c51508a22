import type { Server, Socket } from 'node:net'
import { connect, createServer } from 'node:net'
import type { End } from './echo.ts'
import type { LineSettings } from './line.ts'

/** A process of its own that stands between client and server and keeps every chunk for half a round trip. */

/** Opens a lane to a server, sends back what it gets on a port of its own, or settles how all lanes behave from now on. */
export type RelayRequest = { readonly open: End } | { readonly echo: true } | { readonly set: LineSettings }

export interface RelayReply {
  /** The loopback port of what was opened, 0 for settings. */
  readonly port: number
}

/** Timers fire up to a millisecond early or late, so the last stretch is spent yielding to the event loop instead. */
const SPIN_MS = 2

/** Bytes that one direction of a connection may hold: a bandwidth of 100 MB/s at an RTT of 80 ms. */
const HELD_LIMIT = 4 * 1024 * 1024

type Load = Buffer | 'end' | 'reset'

interface Parcel {
  readonly dueMs: number
  readonly load: Load
}

/** One direction of one connection. */
interface Lane {
  /** Hands over what is due. Returns when the next parcel is due, or infinity when there is nothing to wait for. */
  deliver(nowMs: number): number
}

let settings: LineSettings = { rttMs: 0, costMs: 0, jitterMs: 0, bytesPerSecond: 0 }
const busy = new Set<Lane>()
let awaitedMs = Infinity
let timer: NodeJS.Timeout | undefined
let immediate: NodeJS.Immediate | undefined

/** One clock for all lanes: asleep until shortly before the earliest due time, and without any timer when idle. */
function wakeAt(dueMs: number): void {
  if (dueMs >= awaitedMs) return
  awaitedMs = dueMs
  clearTimeout(timer)
  clearImmediate(immediate)
  const sleepMs = dueMs - SPIN_MS - performance.now()
  if (sleepMs >= 1) timer = setTimeout(wake, sleepMs)
  else immediate = setImmediate(wake)
}

function wake(): void {
  awaitedMs = Infinity
  const nowMs = performance.now()
  let nextMs = Infinity
  for (const lane of busy) nextMs = Math.min(nextMs, lane.deliver(nowMs))
  wakeAt(nextMs)
}

/** Carries what `from` says to `to`, in order; nothing sets out before `openMs`. */
function carry(from: Socket, to: Socket, openMs: number): void {
  let parcels: Parcel[] = []
  let heldBytes = 0
  /** When the line has taken what was sent before. */
  let freeMs = openMs
  let lastDueMs = 0

  const lane: Lane = {
    deliver(nowMs) {
      const last = parcels.at(-1)
      // A reset does not queue behind bytes that the other side is not reading.
      if (to.destroyed || (last?.load === 'reset' && last.dueMs <= nowMs)) {
        parcels = []
        heldBytes = 0
        if (!to.destroyed) to.resetAndDestroy()
      }
      while (parcels.length > 0 && parcels[0]!.dueMs <= nowMs && !to.writableNeedDrain) hand(parcels.shift()!.load)
      if (heldBytes <= HELD_LIMIT / 2 && from.isPaused()) from.resume()
      if (parcels.length === 0) busy.delete(lane)
      else if (!to.writableNeedDrain) return parcels[0]!.dueMs
      // Blocked by a slow reader: 'drain' wakes this lane, and only a reset has a time of its own.
      return parcels.at(-1)?.load === 'reset' ? parcels.at(-1)!.dueMs : Infinity
    },
  }

  function hand(load: Load): void {
    if (load === 'end') to.end()
    else if (load !== 'reset') {
      heldBytes -= load.length
      to.write(load)
    }
  }

  function accept(load: Load): void {
    const { rttMs, costMs, jitterMs, bytesPerSecond } = settings
    freeMs = Math.max(performance.now(), freeMs)
    if (bytesPerSecond > 0 && typeof load !== 'string') freeMs += (load.length / bytesPerSecond) * 1000
    const wanted = freeMs + (rttMs - costMs) / 2 + (jitterMs === 0 ? 0 : (Math.random() - 0.5) * jitterMs)
    // Nothing overtakes what set out before it.
    const dueMs = Math.max(wanted, lastDueMs)
    lastDueMs = dueMs
    parcels.push({ dueMs, load })
    busy.add(lane)
    if (typeof load !== 'string') {
      heldBytes += load.length
      if (heldBytes > HELD_LIMIT) from.pause()
    }
    if (!to.writableNeedDrain || load === 'reset') wakeAt(dueMs)
  }

  from.on('data', accept)
  from.on('end', () => accept('end'))
  from.on('error', () => accept('reset'))
  to.on('drain', () => {
    if (parcels.length > 0) wakeAt(parcels[0]!.dueMs)
  })
}

/**
 * The kernel shakes hands with the client at once, so the first round trip is made up for here:
 * the client's bytes set out one RTT after its connect, the server's half an RTT later, when the last part of the handshake reaches it.
 */
function openLane({ host, port }: End): void {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const openedMs = performance.now()
    const { rttMs } = settings
    const target = connect({ host, port, allowHalfOpen: true, noDelay: true })
    carry(client, target, openedMs + rttMs)
    carry(target, client, openedMs + rttMs * 1.5)
  })
  listen(server)
}

/** Sends back what it gets. A lane leads here like to any other server. */
function openEcho(): void {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy())
    socket.pipe(socket)
  })
  listen(server)
}

function listen(server: Server): void {
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    if (address !== null && typeof address !== 'string') reply({ port: address.port })
  })
}

const reply = (answer: RelayReply): void => void process.send?.(answer)

process.on('message', (request: RelayRequest) => {
  if ('open' in request) {
    openLane(request.open)
    return
  }
  if ('echo' in request) {
    openEcho()
    return
  }
  settings = request.set
  reply({ port: 0 })
})
process.on('disconnect', () => process.exit(0))
