import type { Distance, Emulator, PlacedDistance, Scope, ServerFacts, Untruth } from '../../bench/contract/index.ts'
import { messageOf, SqlatencyError } from '../../bench/contract/index.ts'
import type { End } from './echo.ts'
import { echoTimesNs, median, warmUpEchoes } from './echo.ts'
import type { Line, LineEmulator, LineSettings } from './line.ts'
import type { DistanceOptions } from './options.ts'
import { relay } from './relay.ts'
import { netem, tun } from './tun.ts'

export interface DistanceRequest extends End, Partial<DistanceOptions> {
  /** Above 0. */
  readonly rttMs: number
  /** For people, in errors: "PostgreSQL". */
  readonly name: string
  /** Whether the harness started the server: another one may refuse a client that does not come from 127.0.0.1, as tun's do. */
  readonly started: boolean
  /** Further ends of the same server, reached over the same line. */
  readonly also?: readonly End[]
}

/** A server as seen from a distance. */
export interface Far extends End {
  readonly distance: PlacedDistance
  /** The process in between, for the facts of the backend. */
  readonly servers: readonly ServerFacts[]
  /** Where to dial instead of the further ends, in their order. */
  readonly also: readonly End[]
}

/** Best first. */
const EMULATORS: readonly LineEmulator[] = [netem, tun, relay]

const MOST_RTT_MS = 10_000

/**
 * Puts a distance before a server and measures by echoes what it really is: dial the end that this gives instead of the server's.
 * The echoes come from the emulator's own process. What emulator and echo cost by themselves is found by trials and taken off the delay.
 */
export async function startDistance(request: DistanceRequest, scope: Scope): Promise<Far> {
  const { rttMs, jitterMs = 0, bandwidthMbps = 0, emulator = 'auto', name } = request
  const wrong = (what: string): SqlatencyError => new SqlatencyError('USAGE', `The distance to ${name} has ${what}.`)
  if (!(rttMs > 0 && rttMs <= MOST_RTT_MS)) throw wrong(`an rttMs that is not above 0 and at most ${MOST_RTT_MS}`)
  if (!(jitterMs >= 0 && jitterMs <= rttMs)) throw wrong('a jitterMs that is not between 0 and its rttMs')
  if (!(bandwidthMbps >= 0 && bandwidthMbps < 1e6)) throw wrong('a bandwidthMbps that is not 0 or above')
  const candidates = EMULATORS.filter(({ id }) => emulator === 'auto' || emulator === id)
  if (candidates.length === 0)
    throw new SqlatencyError('UNKNOWN_NAME', `There is no emulator ${emulator}.`, {
      suggestion: `There are: auto, ${EMULATORS.map(({ id }) => id).join(', ')}.`,
    })
  const reasons: string[] = []
  for (const candidate of candidates) {
    try {
      refuseUnfit(candidate.id, request)
      const { host, port, also = [] } = request
      const { near, ...placed } = await put(candidate, [{ host, port }, ...also], request, scope)
      return { ...near[0]!, ...placed, also: near.slice(1) }
    } catch (error) {
      scope.signal.throwIfAborted()
      if (candidate.id === 'relay') throw error
      reasons.push(`${candidate.id}: ${messageOf(error)}`)
    }
  }
  throw new SqlatencyError('EMULATOR_MISSING', `The distance to ${name} cannot be emulated; ${reasons.join('; ')}.`)
}

function refuseUnfit(emulator: Emulator, { started, jitterMs = 0, bandwidthMbps = 0 }: DistanceRequest): void {
  if (emulator === 'relay') return
  if (!started) throw new Error('it leads to servers that sqlatency starts itself')
  // Its jitter lets packets overtake one another.
  if (emulator === 'netem' && (jitterMs > 0 || bandwidthMbps > 0))
    throw new Error('it is used for a steady delay alone')
}

type Placed = Pick<Far, 'distance' | 'servers'> & Pick<Line, 'near'>

async function put(
  emulator: LineEmulator,
  ends: readonly End[],
  { rttMs, jitterMs = 0, bandwidthMbps = 0, name }: Omit<DistanceRequest, keyof End>,
  scope: Scope,
): Promise<Placed> {
  const line = await emulator.open(ends, name, scope)
  const { far, here } = line.echo
  const settings = { rttMs, costMs: 0, jitterMs: 0, bytesPerSecond: (bandwidthMbps * 1e6) / 8 }
  await warmUpEchoes(here, scope.signal)
  const directRttNs = quietMedian(await echoTimesNs(here, ECHOES, scope.signal))
  const costMs = await ownCostMs(line, settings, scope)
  await line.set({ ...settings, costMs, jitterMs })
  const timesNs = await echoTimesNs(far, ECHOES, scope.signal)
  return {
    near: line.near,
    distance: {
      emulator: emulator.id,
      requestedRttNs: rttMs * 1e6,
      measuredRttNs: quietMedian(timesNs),
      directRttNs,
      jitterNs: jitterMs * 1e6,
      bandwidthBytesPerSecond: bandwidthMbps === 0 ? null : settings.bytesPerSecond,
      echoes: ECHOES,
      untrue: untruths(emulator.id, jitterMs, bandwidthMbps),
      echo: line.echo,
    },
    servers: [{ name: emulator.id, version: process.version, cpus: scope.serverCpus }],
  }
}

const ECHOES = 25
/** Trials run until the emulator's code is compiled. */
const TRIAL_MS = 300
const BLOCK = 5
const BLOCKS = { least: 3, most: 60 }
/** No echo may take longer than this beyond the round trip; a firewall may let none through. */
const PATIENCE_MS = 5000

/** No emulator costs more by itself; what goes beyond it is the neighbours' noise. Timers oversleep in proportion. */
const MOST_COST = { ms: 0.3, share: 0.02 }

async function ownCostMs(line: Line, settings: LineSettings, scope: Scope): Promise<number> {
  const { rttMs } = settings
  await line.set(settings)
  const blocks = Math.round(Math.max(BLOCKS.least, Math.min(TRIAL_MS / rttMs / BLOCK, BLOCKS.most)))
  const patience = AbortSignal.timeout(PATIENCE_MS + (BLOCK * blocks + 2) * rttMs * 2)
  const timesNs = await echoTimesNs(line.echo.far, BLOCK * blocks, AbortSignal.any([scope.signal, patience])).catch(
    (error: unknown) => {
      throw patience.aborted ? new Error('no echo came back through it; a firewall may be between') : error
    },
  )
  return Math.min(Math.max(quietMedian(timesNs) / 1e6 - rttMs, 0), rttMs / 4, MOST_COST.ms + MOST_COST.share * rttMs)
}

/**
 * The smallest median of five echoes in a row. A distance is measured once and holds for the whole run, so that a moment in
 * which a neighbour had the processor must not become its length.
 */
function quietMedian(timesNs: readonly number[]): number {
  const blocks = Array.from({ length: timesNs.length / BLOCK }, (_, n) => timesNs.slice(n * BLOCK, (n + 1) * BLOCK))
  return Math.min(...blocks.map(median))
}

function untruths(emulator: Emulator, jitterMs: number, bandwidthMbps: number): Untruth[] {
  return [
    ...(emulator === 'relay' ? (['connect-early', 'no-slow-start'] as const) : []),
    'no-loss',
    ...(jitterMs === 0 ? (['no-jitter'] as const) : []),
    ...(bandwidthMbps === 0 ? (['no-bandwidth-limit'] as const) : []),
  ]
}

export interface EmulatorFinding {
  readonly emulator: Emulator
  /** Null: this machine does not have it. */
  readonly distance: Distance | null
  readonly reason: string | null
}

/** Tries every emulator over a short distance. */
export async function findEmulators(scope: Scope): Promise<EmulatorFinding[]> {
  const findings: EmulatorFinding[] = []
  for (const emulator of EMULATORS) {
    findings.push(
      await put(emulator, [], { rttMs: 2, name: 'trial', started: true }, scope).then(
        ({ distance }) => ({ emulator: emulator.id, distance, reason: null }),
        (error: unknown) => ({ emulator: emulator.id, distance: null, reason: messageOf(error) }),
      ),
    )
  }
  return findings
}
