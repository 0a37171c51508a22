import { once } from 'node:events'
import { connect } from 'node:net'
import type { EchoEnds } from '../../bench/contract/index.ts'

/** Where something listens. */
export interface End {
  readonly host: string
  readonly port: number
}

/** Times of echoes one after another, nanoseconds. The first one, which pays for the handshake, is left out. */
export async function echoTimesNs(end: End, echoes: number, signal: AbortSignal): Promise<number[]> {
  const socket = connect({ ...end, noDelay: true })
  const closed = new AbortController()
  socket.once('close', () => closed.abort(new Error('whoever echoes hung up')))
  const eitherEnd = AbortSignal.any([signal, closed.signal])
  const timesNs: number[] = []
  try {
    for (let n = 0; n <= echoes; n += 1) {
      const start = process.hrtime.bigint()
      socket.write('?')
      await once(socket, 'data', { signal: eitherEnd })
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

/** Until the code of echoes is compiled, without a distance: some milliseconds. */
const UNTIL_COMPILED = 300
const PATIENCE_MS = 10_000

/** So that the time of the echoes that follow is the line's. @param here without a distance */
export async function warmUpEchoes(here: End, signal: AbortSignal): Promise<void> {
  await echoTimesNs(here, UNTIL_COMPILED, signal)
}

/** How long echoes go on, and how many there are. */
const ASKED = { ns: 150e6, least: 5, most: 25 }

/** What a round trip takes this process at this moment: the median of some echoes, nanoseconds. @param rttNs about so long */
export async function roundTripNs({ far, here }: EchoEnds, rttNs: number): Promise<number> {
  const echoes = Math.round(Math.min(Math.max(ASKED.ns / rttNs, ASKED.least), ASKED.most))
  const patience = AbortSignal.timeout(PATIENCE_MS + Math.ceil((2 * echoes * rttNs) / 1e6))
  await warmUpEchoes(here, patience)
  return median(await echoTimesNs(far, echoes, patience))
}
