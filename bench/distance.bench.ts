import { fork } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { End } from '../adapters/distance/echo.ts'
import { echoTimesNs } from '../adapters/distance/echo.ts'
import { findEmulators, startDistance } from '../adapters/distance/index.ts'
import { duration } from '../reports/format.ts'
import { quantiles } from './analyze/quantiles.ts'
import type { Emulator } from './contract/index.ts'
import { now } from './measure/clock.ts'
import { choosePlacement, pinMainThread } from './run/placement.ts'
import { Workplace } from './run/scope.ts'
import type { Finding } from './self/finding.ts'
import { table } from './self/finding.ts'
import { signal } from './self/fresh.ts'
import { load } from './self/machine.ts'

/** How true each emulated distance is, by echoes, connects, a cold megabyte and a stream through it. `npm run bench:distance` */

const RTTS_MS = [0.5, 2, 10, 40]
const ECHOES = 300
const ECHO_MS = 4000
const COLD = 6
const COLD_DIGITS = 6
const STREAM_DIGITS = 9

/** The most that the median echo may be off, nanoseconds. */
const LIMITS: Readonly<Record<Emulator, (rttMs: number) => number | null>> = {
  netem: (rttMs) => LIMITS.tun(rttMs),
  tun: (rttMs) => (rttMs < 1 ? rttMs * 1e5 : rttMs <= 10 ? 60_000 : rttMs * 1e4),
  relay: (rttMs) => (rttMs < 1 ? null : rttMs <= 2 ? 150_000 : rttMs <= 10 ? rttMs * 4e4 : rttMs * 2e4),
}

async function measure(place: Workplace, port: number, emulator: Emulator, rttMs: number): Promise<Finding[]> {
  const scope = place.scope(`${emulator}-${rttMs}`, choosePlacement(true).serverCpus)
  const far = await startDistance({ host: '127.0.0.1', port, rttMs, name: 'far end', started: true, emulator }, scope)
  const rttNs = rttMs * 1e6
  const echoes = Math.min(ECHOES, Math.ceil(ECHO_MS / rttMs))
  const [low, p50, high] = quartiles(await echoTimesNs(far.distance.echo.far, echoes, signal))
  const limit = LIMITS[emulator](rttMs)
  const findings: Finding[] = [
    {
      what: `${rttMs} ms: echo`,
      figure: duration(p50),
      range: `${duration(low)} to ${duration(high)}, harness says ${duration(far.distance.measuredRttNs)}`,
      ...(limit === null ? {} : within(Math.abs(p50 - rttNs), limit)),
    },
  ]
  const connects: number[] = []
  const direct: number[] = []
  for (let n = 0; n < Math.min(41, Math.ceil(ECHO_MS / rttMs / 4)); n += 1) {
    direct.push(await connectNs({ host: '127.0.0.1', port }))
    connects.push(await connectNs(far))
  }
  const [[, connecting], [, onLoopback]] = [quartiles(connects), quartiles(direct)]
  findings.push({
    what: `${rttMs} ms: what the distance adds to connect()`,
    figure: duration(connecting - onLoopback),
    range: `${duration(connecting)} less ${duration(onLoopback)} on loopback; one round trip is true`,
    ...(emulator === 'relay' ? {} : within(Math.abs(connecting - onLoopback - rttNs), rttNs * 0.05)),
  })
  const colds: number[] = []
  for (let n = 0; n < COLD; n += 1) colds.push(await fetchNs(far, COLD_DIGITS))
  const [, cold] = quartiles(colds)
  findings.push({
    what: `${rttMs} ms: 1 MB on a new connection`,
    figure: duration(cold),
    range: `${(cold / rttNs).toFixed(1)} round trips`,
  })
  if (rttMs === 10) {
    const rates = [await fetchNs(far, STREAM_DIGITS), await fetchNs(far, STREAM_DIGITS)].map(
      (ns) => 10 ** STREAM_DIGITS / ns,
    )
    findings.push({
      what: `${rttMs} ms: 1 GB in one stream`,
      figure: `${Math.round(Math.max(...rates) * 1000)} MB/s`,
      ...(emulator === 'relay' ? { target: 'at least 400 MB/s' } : {}),
    })
  }
  return findings
}

function within(error: number, limit: number): Pick<Finding, 'target' | 'verdict'> {
  return { target: `off by ${duration(error)}, at most ${duration(limit)}`, verdict: error <= limit ? 'pass' : 'MISS' }
}

const quartiles = (values: readonly number[]): [number, number, number] =>
  quantiles([Float64Array.from(values)], [0.25, 0.5, 0.75]) as [number, number, number]

async function connectNs({ host, port: there }: End): Promise<number> {
  const start = now()
  const socket = connect({ host, port: there, noDelay: true })
  await once(socket, 'connect', { signal })
  const took = Number(now() - start)
  socket.destroy()
  return took
}

/** From connect() to the last byte. */
async function fetchNs({ host, port: there }: End, digits: number): Promise<number> {
  const start = now()
  const socket = connect({ host, port: there, noDelay: true })
  socket.resume()
  socket.write(String(digits))
  await once(socket, 'end', { signal })
  return Number(now() - start)
}

/** Starts the far end, and gives its port. */
async function startFarEnd(place: Workplace, cpus: readonly number[] | null): Promise<number> {
  const child = fork(new URL('./self/inside/far-end.ts', import.meta.url))
  place.defer(() => child.disconnect())
  const [port] = (await once(child, 'message')) as [number]
  if (cpus !== null) await pinMainThread(child.pid!, cpus)
  return port
}

await using place = new Workplace(signal)
const { serverCpus, clientCpus } = choosePlacement(true)
if (clientCpus !== null) await pinMainThread(process.pid, clientCpus)
const farPort = await startFarEnd(place, serverCpus)
const before = load()
for (const { emulator, distance, reason } of await findEmulators(place.scope('trial', serverCpus))) {
  if (distance === null) {
    process.stdout.write(`${emulator}: ${reason}\n\n`)
    continue
  }
  const findings: Finding[] = []
  for (const rttMs of RTTS_MS) findings.push(...(await measure(place, farPort, emulator, rttMs)))
  process.stdout.write(`${table({ title: emulator, findings })}\n`)
}
process.stdout.write(`load average, before and after: ${before}, ${load()}\n`)
