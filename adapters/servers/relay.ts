import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Distance, Scope } from '../../bench/contract/index.ts'
import { SqlatencyError } from '../../bench/contract/index.ts'
import type { ServerProcess } from './process.ts'
import { startServer } from './process.ts'
import type { RelayReply, RelayRequest } from './relay-process.ts'

export interface RelayOptions {
  /** Where the server is. */
  readonly host: string
  readonly port: number
  /** Round-trip time to add, milliseconds, above 0. */
  readonly rttMs: number
  /** For people, in errors: "PostgreSQL relay". */
  readonly name: string
}

export interface Relay {
  /** Connect here on loopback instead of to the server. */
  readonly port: number
  readonly distance: Distance
}

/** Trials run until the relay's code is compiled and their minimum is its own cost, not the neighbours' noise. */
const TRIAL_ECHOES = 12
const TRIAL_MS = 250
/** Odd, so that the median is one of them. */
const ECHOES = 25

/** This file runs from source and built, and so does its neighbour. */
const PROGRAM = fileURLToPath(
  new URL(`./relay-process${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url),
)

/**
 * Starts a TCP relay that adds a distance, and measures what it really adds by echoes through a lane of the same process.
 * Its own cost (reading, writing, waking up; 0.2 to 0.7 ms a round trip) is found by trial echoes and taken off the delay.
 * It delays the handshake too but has no slow start: results above an initial TCP window (about 14 kB) come sooner than over a real distance.
 */
export async function startRelay({ host, port, rttMs, name }: RelayOptions, scope: Scope): Promise<Relay> {
  if (!(rttMs > 0 && rttMs <= 10_000))
    throw new SqlatencyError('USAGE', `The rttMs of the ${name} must be above 0 and at most 10000.`)
  await using echo = await startEcho()
  const echoLane = { host: '127.0.0.1', port: echo.port, rttMs }
  let trialPort = 0
  const server = await startServer(
    {
      name,
      command: process.execPath,
      args: [PROGRAM],
      ipc: true,
      async ready(started) {
        trialPort = await openLane(started, { ...echoLane, costMs: 0 })
      },
    },
    scope,
  )
  const trials = Math.max(TRIAL_ECHOES, Math.min(TRIAL_MS / rttMs, 500))
  const quickestMs = Math.min(...(await echoTimesNs(trialPort, trials, scope.signal))) / 1e6
  const costMs = Math.min(Math.max(quickestMs - rttMs, 0), rttMs / 4)
  const measuredPort = await openLane(server, { ...echoLane, costMs })
  const timesNs = await echoTimesNs(measuredPort, ECHOES, scope.signal)
  return {
    port: await openLane(server, { host, port, rttMs, costMs }),
    distance: { emulator: 'relay', requestedRttNs: rttMs * 1e6, measuredRttNs: median(timesNs), echoes: ECHOES },
  }
}

async function openLane({ child }: ServerProcess, request: RelayRequest): Promise<number> {
  const answer = child.connected ? Promise.race([once(child, 'message'), once(child, 'exit').then(() => null)]) : null
  if (answer !== null) child.send(request, () => undefined)
  const message = await answer
  if (message === null) throw new SqlatencyError('SERVER_DIED', 'The relay ended before it had opened a port.')
  return (message[0] as RelayReply).port
}

/** Sends back what it gets, on a loopback port. */
async function startEcho(): Promise<{ port: number } & AsyncDisposable> {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy())
    socket.pipe(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.close()
      await once(server, 'close')
    },
  }
}

/** Times of echoes one after another, nanoseconds. The first one, which pays for the handshake, is left out. */
async function echoTimesNs(port: number, echoes: number, signal: AbortSignal): Promise<number[]> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true })
  const timesNs: number[] = []
  for (let n = 0; n <= echoes; n += 1) {
    const start = process.hrtime.bigint()
    socket.write('?')
    await once(socket, 'data', { signal })
    timesNs.push(Number(process.hrtime.bigint() - start))
  }
  socket.end()
  await once(socket, 'close', { signal })
  return timesNs.slice(1)
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[(values.length - 1) / 2]!
}
