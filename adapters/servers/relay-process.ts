import type { Socket } from 'node:net'
import { connect, createServer } from 'node:net'

/** A process of its own that stands between client and server and keeps every chunk for half a round trip. */

export interface RelayRequest {
  /** Opens a lane to that server. */
  readonly host: string
  readonly port: number
  readonly rttMs: number
  /** What the relay itself costs a round trip; it waits that much less. */
  readonly costMs: number
}

export interface RelayReply {
  /** The loopback port of the lane. */
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
function carry(from: Socket, to: Socket, openMs: number, delayMs: number): void {
  let parcels: Parcel[] = []
  let heldBytes = 0

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
    const dueMs = Math.max(performance.now(), openMs) + delayMs
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
function openLane({ host, port, rttMs, costMs }: RelayRequest): void {
  const delayMs = (rttMs - costMs) / 2
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const openedMs = performance.now()
    const target = connect({ host, port, allowHalfOpen: true, noDelay: true })
    carry(client, target, openedMs + rttMs, delayMs)
    carry(target, client, openedMs + rttMs * 1.5, delayMs)
  })
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    if (address !== null && typeof address !== 'string') process.send?.({ port: address.port } satisfies RelayReply)
  })
}

process.on('message', openLane)
process.on('disconnect', () => process.exit(0))
