import type { Caveat, CaveatId, CellName, HostFacts, MeasuredCell, Round, Run } from '../contract/index.ts'
import { loadKey, machinesOf } from '../contract/index.ts'
import { hostsApart, roundsByHost } from './hosts.ts'
import { signedRankCritical } from './intervals.ts'
import { SATURATION } from './open-loop.ts'
import { rankedLoad } from './ranked-load.ts'
import { STEADY, steadyOf } from './steady.ts'

/** When a figure earns a caveat. Printed with the method. */
export const LIMITS = {
  /** Spread of the rounds' medians, largest over smallest less 1: in process and over a loopback or network. */
  spreadInProcess: 0.05,
  spreadElsewhere: 0.1,
  /** Share of a round in which the thread was ready and did not run. */
  runqueueShare: 0.02,
  /** The clock's own cost as a share of the median. */
  clockShare: 0.05,
  /** Last third of the rounds against the first third. */
  drift: 0.1,
  /** Median of one machine of a merged run over that of another, less 1. */
  hosts: 0.03,
} as const

/** Every rule on a run, in the order in which reports letter them. Silent when nothing applies. */
export function caveatsOf(run: Run): Caveat[] {
  const cells = run.cells.filter((cell): cell is MeasuredCell => cell.outcome === 'measured')
  const databases = run.backends.filter((backend) => !backend.traits.includes('null'))
  const everyLoad = cells.filter((cell) => databases.some((backend) => backend.id === cell.backend))
  // What stands in a ranking. Loads of a sweep have their own table, and but one caveat of their own.
  const shown = loadKey(rankedLoad(run))
  const ranked = everyLoad.filter((cell) => loadKey(cell.load) === shown)
  const used = databases.filter((backend) => ranked.some((cell) => cell.backend === backend.id))
  // k6 looks at the same databases from outside, and what they are holds there too.
  const fromOutside = new Set(run.k6?.cells.flatMap((cell) => (cell.outcome === 'measured' ? [cell.backend] : [])))
  const seen = databases.filter((backend) => used.includes(backend) || fromOutside.has(backend.id))
  const where = (rule: (cell: MeasuredCell) => boolean): CellName[] =>
    ranked.filter(rule).map(({ backend, scenario }) => ({ backend, scenario }))
  const replicas = seen.filter((backend) => backend.traits.includes('replica'))
  const writes = run.scenarios.filter((scenario) => scenario.kind !== 'read')
  const caveats: Caveat[] = []
  const add = (applies: boolean, caveat: () => Caveat): void => {
    if (applies) caveats.push(caveat())
  }

  const simulators = seen.filter((backend) => backend.traits.includes('simulator'))
  add(simulators.length > 0, () => ({ id: 'D1_LOCAL', backends: names(simulators) }))
  for (const backend of seen) {
    const { distance } = backend
    if (distance === null) continue
    caveats.push({
      id: 'RTT_EMULATED',
      backends: [backend.id],
      emulator: distance.emulator,
      requestedRttNs: distance.requestedRttNs,
      measuredRttNs: distance.measuredRttNs,
      untrue: distance.untrue,
    })
  }
  add(replicas.length > 0, () => ({
    id: 'REPLICA_STALE',
    backends: names(replicas),
    unsynced: names(replicas.filter(({ session }) => session?.driver?.readsDoNotSync === true)),
  }))
  add(replicas.length > 0 && writes.length > 0, () => ({
    id: 'WRITE_FORWARDED',
    backends: names(replicas),
    scenarios: names(writes),
    roundTrips: Object.fromEntries(
      replicas.flatMap(({ id, session }) => {
        const { writeRoundTrips = 1 } = session?.driver ?? {}
        return writeRoundTrips > 1 ? [[id, writeRoundTrips] as const] : []
      }),
    ),
  }))
  const preparing = seen.filter(({ session }) => session?.driver?.preparesEveryCall === true)
  add(preparing.length > 0, () => ({ id: 'PREPARED_EVERY_CALL', backends: names(preparing) }))
  const classes = durabilityClasses(run, ranked)
  add(new Set(Object.values(classes)).size > 1, () => ({ id: 'DURABILITY_DIFFERS', scenarios: names(writes), classes }))
  const sameHost = seen.filter(
    ({ reach, servers, external }) => !external && (reach === 'same-host' || servers.length > 0),
  )
  add(sameHost.length > 0, () => ({ id: 'SAME_HOST', backends: names(sameHost) }))
  for (const road of ['address', 'port'] as const) {
    const contained = used.filter(({ servers }) => servers.some(({ container }) => container?.road === road))
    add(contained.length > 0, () => ({ id: 'IN_CONTAINER', backends: names(contained), road }))
  }
  add(ranked.length > 0, () => ({ id: 'WARM_CACHE' }))
  const callers = new Set(ranked.flatMap(({ load }) => (load.kind === 'closed' ? [load.callers] : [])))
  add(callers.size > 0, () => ({ id: 'CLOSED_LOOP', callers: [...callers] }))
  const saturated = everyLoad.flatMap(({ backend, scenario, load, estimates }) =>
    load.kind === 'open' && estimates.response?.saturated === true
      ? [{ backend, scenario, ratePerSecond: load.ratePerSecond, ranked: loadKey(load) === shown }]
      : [],
  )
  add(saturated.length > 0, () => ({ id: 'SATURATED', loads: saturated, limit: SATURATION.share }))
  const needed = roundsForInterval()
  const fewest = Math.min(...ranked.map((cell) => cell.rounds.length))
  add(fewest < needed, () => ({ id: 'NO_INTERVAL', rounds: fewest, needed }))
  const withheld = where((cell) => cell.estimates.quantiles.some(({ p, ns }) => p === 0.99 && ns === null))
  add(withheld.length > 0, () => ({ id: 'TAIL_TOO_FEW', cells: withheld }))
  const noisy = where((cell) => isNoisy(run, cell))
  add(noisy.length > 0, () => ({ id: 'NOISY', cells: noisy, limits: NOISY_LIMITS }))
  const contended = where((cell) => cell.rounds.some(isContended))
  add(contended.length > 0, () => ({ id: 'CONTENDED', cells: contended, limit: LIMITS.runqueueShare }))
  const unsteady = where((cell) => steadyOf(cell.rounds) === false)
  add(unsteady.length > 0, () => ({ id: 'NO_STEADY_STATE', cells: unsteady, limit: STEADY.thirds }))
  const drifting = where((cell) => isDrifting(run, cell))
  add(drifting.length > 0, () => ({ id: 'DRIFT', cells: drifting }))
  const machines = machinesOf(run)
  const readNs = Math.max(...machines.map(({ clock }) => clock.readNs))
  const coarse = where((cell) => readNs > LIMITS.clockShare * cell.estimates.p50.valueNs)
  add(coarse.length > 0, () => ({ id: 'CLOCK_COARSE', cells: coarse, readNs }))
  const failing = where((cell) => cell.estimates.errors > 0)
  add(failing.length > 0, () => ({
    id: 'ERRORS',
    cells: failing,
    errors: ranked.reduce((sum, cell) => sum + cell.estimates.errors, 0),
  }))
  const servers = used.filter((backend) => backend.servers.length > 0)
  const starts = Math.max(
    ...ranked
      .filter(({ backend }) => servers.some(({ id }) => id === backend))
      .map(({ rounds }) => roundsByHost(run, rounds).length),
  )
  add(servers.length > 0 && starts < needed, () => ({ id: 'SERVER_NOT_REPLICATED', backends: names(servers), starts }))
  add(
    machines.some(({ placement }) => placement.clientCpus === null),
    () => ({ id: 'UNPINNED' }),
  )
  const volatile = machines.map(({ host }) => host.storage.filesystem).find((type) => /^(tmpfs|ramfs)$/.test(type))
  if (volatile !== undefined) caveats.push({ id: 'VOLATILE_STORAGE', filesystem: volatile })
  add(run.sources.length > 0, () => ({
    id: 'MERGED',
    runs: run.sources.length,
    regions: [...new Set(run.sources.flatMap(({ region }) => region ?? []))],
    differing: differingFacts(run),
  }))
  const apart = where((cell) => isApart(run, cell))
  add(apart.length > 0, () => ({
    id: 'HOSTS_DIFFER',
    cells: apart,
    largest: Math.max(...ranked.map((cell) => hostsApart(run, cell))),
  }))
  return caveats
}

/** Share of its time in which the thread of a round was ready and waited for a processor; 0 where the system does not tell. */
export const contendedShare = ({ witnesses, measuredNs }: Round): number => (witnesses.runqueueWaitNs ?? 0) / measuredNs

/** Whether that is more than 2 %. */
export const isContended = (round: Round): boolean => contendedShare(round) > LIMITS.runqueueShare

const names = (items: readonly { readonly id: string }[]): string[] => items.map(({ id }) => id)

/** The caveats that concern one figure; those about the whole run concern none in particular. */
export function rowCaveats(caveats: readonly Caveat[], backend: string, scenario: string): CaveatId[] {
  return caveats
    .filter((caveat) => {
      if ('cells' in caveat) return caveat.cells.some((cell) => cell.backend === backend && cell.scenario === scenario)
      if (caveat.id === 'SATURATED')
        return caveat.loads.some((load) => load.ranked && load.backend === backend && load.scenario === scenario)
      if (caveat.id === 'SERVER_NOT_REPLICATED' || caveat.id === 'SAME_HOST') return false
      if (caveat.id === 'DURABILITY_DIFFERS') return caveat.scenarios.includes(scenario)
      if (!('backends' in caveat) || !caveat.backends.includes(backend)) return false
      return !('scenarios' in caveat) || caveat.scenarios.includes(scenario)
    })
    .map((caveat) => caveat.id)
}

export const NOISY_LIMITS = [LIMITS.spreadInProcess, LIMITS.spreadElsewhere] as const

export function isNoisy(run: Run, cell: MeasuredCell): boolean {
  const reach = run.backends.find((backend) => backend.id === cell.backend)?.reach
  const scenario = run.scenarios.find((one) => one.id === cell.scenario)
  // A replica reads in process and writes over a network.
  const isInProcess = reach === 'in-process' && scenario?.kind === 'read'
  return cell.estimates.roundSpread > (isInProcess ? LIMITS.spreadInProcess : LIMITS.spreadElsewhere)
}

function durabilityClasses(run: Run, cells: readonly MeasuredCell[]): Record<string, string> {
  const writes = new Set(run.scenarios.filter((scenario) => scenario.kind !== 'read').map((scenario) => scenario.id))
  const classes: Record<string, string> = {}
  for (const cell of cells) {
    if (!writes.has(cell.scenario)) continue
    for (const { durability } of cell.rounds) if (durability !== null) classes[cell.backend] = durability
  }
  return classes
}

/** Whether later rounds of a machine are steadily slower or faster than its earlier ones. */
export const isDrifting = (run: Run, cell: MeasuredCell): boolean => roundsByHost(run, cell.rounds).some(drifts)

/** Whether the machines of a merged run do not agree. */
export const isApart = (run: Run, cell: MeasuredCell): boolean => hostsApart(run, cell) > 1 + LIMITS.hosts

function drifts(rounds: readonly Round[]): boolean {
  const medians = rounds.toSorted((a, b) => a.repetition - b.repetition).map((round) => round.p50Ns)
  const third = Math.floor(medians.length / 3)
  if (third < 2) return false
  const first = medians.slice(0, third)
  const last = medians.slice(-third)
  const ratio = geometricMean(last) / geometricMean(first)
  const apart = Math.min(...last) > Math.max(...first) || Math.max(...last) < Math.min(...first)
  return apart && Math.abs(Math.log(ratio)) > Math.log1p(LIMITS.drift)
}

const geometricMean = (values: readonly number[]): number =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length)

/** Facts in which the machines of a merged run are not alike; how fast a disk answers differs from one run to the next. */
function differingFacts(run: Run): (keyof HostFacts)[] {
  const hosts = run.sources.map(({ host }) => ({ ...host, storage: host.storage.filesystem }))
  const [first] = hosts
  return first === undefined
    ? []
    : (Object.keys(first) as (keyof HostFacts)[]).filter((fact) => hosts.some((host) => host[fact] !== first[fact]))
}

/** The fewest rounds that can carry a 95 % interval. */
export function roundsForInterval(): number {
  let rounds = 1
  while (signedRankCritical(rounds, 0.05) === null) rounds += 1
  return rounds
}
