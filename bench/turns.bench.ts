import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { duration } from '../reports/format.ts'
import { quantiles } from './analyze/quantiles.ts'
import type { Finding } from './self/finding.ts'
import { table } from './self/finding.ts'
import { signal } from './self/fresh.ts'
import { load } from './self/machine.ts'

/**
 * Where the time of a far query goes: a run over distances, with every packet on the emulator's device captured beside it.
 * Between a packet's arrival at one end and that end's next packet lies the work of that end. `npm run bench:turns`, as root, with tcpdump
 */

const DISTANCES_MS = [1, 5, 20, 60]
const SCENARIO = 'n-plus-one'
const RUN = ['run', '--backend', 'postgres-local', '--scenario', SCENARIO, '--markers', '0']
/** The addresses of tun.c. */
const DEVICES = 'tcp and net 198.18.0.0/15'
/** `1764080340.784739123 tun0 Out IP 198.18.0.5.53538 > 198.18.0.6.46077: Flags [P.], …, length 45` */
const PACKET = /^(\d+)\.(\d+) \S+\s+(Out|In) +IP (\S+)\.(\d+) > (\S+)\.(\d+): .* length ([1-9]\d*)/
/** Between two operations and between two uses of a connection lies more than the work of an end. */
const LONGEST_TURN_NS = 50e6

/** Work of both ends, from packet to packet, nanoseconds. */
interface Turns {
  readonly server: number[]
  readonly client: number[]
}

/** One connection. Packets are seen four times: leaving and reaching either end. */
class Flow {
  readonly #last = new Map<string, number>()
  readonly roundTripsNs: number[] = []
  readonly turns: Turns = { server: [], client: [] }
  echoes = true

  see(crossing: string, atNs: number, length: number): void {
    if (length !== 1) this.echoes = false
    if (crossing === 'client Out') this.#since('client In', atNs, this.turns.client)
    if (crossing === 'server Out') this.#since('server In', atNs, this.turns.server)
    if (crossing === 'client In') this.#since('client Out', atNs, this.roundTripsNs)
    this.#last.set(crossing, atNs)
  }

  #since(crossing: string, atNs: number, to: number[]): void {
    const before = this.#last.get(crossing)
    this.#last.delete(crossing)
    if (before !== undefined) to.push(atNs - before)
  }
}

/** A device has four addresses. */
const deviceOf = (address: string): string => address.replace(/\d+$/, (last) => String(Number(last) >> 2))

/** By what tells a connection from all others. */
function flowsOf(packets: string): Flow[] {
  const flows = new Map<string, Flow>()
  let epoch: number | null = null
  for (const line of packets.split('\n')) {
    const [, seconds, fraction, direction, from, fromPort, to, toPort, length] = PACKET.exec(line) ?? []
    if (seconds === undefined) continue
    epoch ??= Number(seconds)
    const atNs = (Number(seconds) - epoch) * 1e9 + Number(fraction!.padEnd(9, '0'))
    const out = direction === 'Out'
    const atServer = (out ? from! : to!).startsWith('127.')
    const crossing = `${atServer ? 'server' : 'client'} ${direction}`
    const asked = crossing === 'client Out' || crossing === 'server In'
    const key = `${deviceOf(out === atServer ? to! : from!)} ${asked ? fromPort : toPort}`
    const flow = flows.get(key) ?? new Flow()
    flows.set(key, flow)
    flow.see(crossing, atNs, Number(length))
  }
  return [...flows.values()]
}

const middle = (values: readonly number[]): [number, number, number] =>
  quantiles([Float64Array.from(values)], [0.25, 0.5, 0.75]) as [number, number, number]

function finding(what: string, times: readonly number[]): Finding {
  const kept = times.filter((ns) => ns < LONGEST_TURN_NS)
  if (kept.length === 0) return { what, figure: 'none seen' }
  const [low, p50, high] = middle(kept)
  const mean = kept.reduce((sum, ns) => sum + ns, 0) / kept.length
  return {
    what,
    figure: duration(p50),
    range: `${duration(low)} to ${duration(high)}`,
    target: `mean ${duration(mean)}, n ${kept.length}`,
  }
}

function findingsAt(rttMs: number, flows: readonly Flow[]): Finding[] {
  const here = flows.filter(({ roundTripsNs }) => {
    if (roundTripsNs.length < 5) return false
    const [, p50] = middle(roundTripsNs)
    return Math.abs(p50 / 1e6 - rttMs) < rttMs * 0.2
  })
  return [true, false].flatMap((echoes) => {
    const turns = here.filter((flow) => flow.echoes === echoes).map((flow) => flow.turns)
    const what = `${rttMs} ms: ${echoes ? 'echo' : 'query'}`
    return [
      finding(
        `${what}, the far end`,
        turns.flatMap(({ server }) => server),
      ),
      finding(
        `${what}, the client`,
        turns.flatMap(({ client }) => client),
      ),
    ]
  })
}

/** Starts to write what crosses the devices into a file, and gives what ends that. */
async function capture(file: number): Promise<() => Promise<void>> {
  const flags = ['-i', 'any', '-s', '100', '-B', '32768', '--time-stamp-precision=nano', '-w', '-', '-U', DEVICES]
  const tcpdump = spawn('tcpdump', flags, { stdio: ['ignore', file, 'pipe'] })
  let said = ''
  const listens = new Promise<void>((resolve) => {
    tcpdump.stderr!.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('listening on')) resolve()
    })
  })
  const ended = once(tcpdump, 'close').then(
    () => said.trim(),
    (error: Error) => error.message,
  )
  const reason = await Promise.race([listens.then(() => null), ended])
  if (reason !== null)
    throw new Error(`tcpdump does not listen: ${reason} (it needs root, and on Debian: apt install tcpdump)`)
  return async () => {
    tcpdump.kill('SIGINT')
    await ended
  }
}

const folder = mkdtempSync(join(tmpdir(), 'sqlatency-turns-'))
try {
  const before = load()
  const path = join(folder, 'capture')
  const file = openSync(path, 'w')
  const stop = await capture(file)
  try {
    const cli = fileURLToPath(new URL('bin.js', import.meta.url))
    const run = spawn(process.execPath, [cli, ...RUN, '--distances', DISTANCES_MS.join()], {
      stdio: 'inherit',
      signal,
    })
    const [code] = (await once(run, 'close')) as [number | null]
    if (code !== 0) throw new Error(`the run ended with ${code}`)
  } finally {
    await stop()
    closeSync(file)
  }
  const { stdout } = await promisify(execFile)('tcpdump', ['-n', '-tt', '-r', path], { maxBuffer: 1e9 })
  const flows = flowsOf(stdout)
  const findings = DISTANCES_MS.flatMap((rttMs) => findingsAt(rttMs, flows))
  process.stdout.write(
    `\n${table({ title: `From a packet that arrived to the next one that leaves (${SCENARIO})`, findings })}`,
  )
  process.stdout.write(`load average, before and after: ${before}, ${load()}\n`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
