import type { Caveat, CaveatId, CellName, Emulator, HostFacts, Untruth } from '../bench/contract/index.ts'
import { count, duration, list, percent, plural, rate, tick } from './format.ts'

/** A caveat in words, with the letter that stands beside the numbers it concerns. */
export interface CaveatNote {
  readonly id: CaveatId
  readonly letter: string
  readonly title: string
  readonly text: string
  /** Whether it concerns a cell. Null: it concerns every figure. */
  readonly concerns: ((backend: string, scenario: string) => boolean) | null
}

export interface Names {
  backend(id: string): string
  scenario(id: string): string
}

/** Letters in the order of the caveats: a ... z, aa, ab ... */
export function caveatNotes(caveats: readonly Caveat[], names: Names): CaveatNote[] {
  return caveats.map((caveat, index) => {
    const [title, text] = words(caveat, names)
    return { id: caveat.id, letter: letter(index), title, text, concerns: concerns(caveat) }
  })
}

/** `a` for 0, `z` for 25, `aa` for 26. */
export function letter(index: number): string {
  const last = String.fromCharCode(97 + (index % 26))
  return index < 26 ? last : letter(Math.floor(index / 26) - 1) + last
}

function concerns(caveat: Caveat): CaveatNote['concerns'] {
  if ('cells' in caveat) {
    const { cells } = caveat
    return (backend, scenario) => cells.some((cell) => cell.backend === backend && cell.scenario === scenario)
  }
  if (caveat.id === 'SATURATED') {
    const ranked = caveat.loads.filter((load) => load.ranked)
    return (backend, scenario) => ranked.some((load) => load.backend === backend && load.scenario === scenario)
  }
  const backends = 'backends' in caveat ? caveat.backends : null
  const scenarios = 'scenarios' in caveat ? caveat.scenarios : null
  if (backends === null && scenarios === null) return null
  return (backend, scenario) => (backends?.includes(backend) ?? true) && (scenarios?.includes(scenario) ?? true)
}

/** Title and text. The text names numbers, whom it concerns and what does not follow. */
function words(caveat: Caveat, names: Names): readonly [title: string, text: string] {
  const backends = (ids: readonly string[]): string => list(ids.map(names.backend))
  const cells = (them: readonly CellName[]): string => cellList(them, names)
  switch (caveat.id) {
    case 'ANSWERS_DIFFER':
      return [
        'The backends do not give the same answers.',
        `Answers to the same questions differ on ${backends(caveat.backends)}. Whoever computes something else cannot be compared for speed, so nothing is ranked.`,
      ]
    case 'D1_LOCAL':
      return [
        'D1 here is a simulator on this machine, not Cloudflare’s network.',
        `${backends(caveat.backends)} shows the cost of the Worker and D1 code path. It says nothing about Cloudflare’s network, storage, placement or read replicas.`,
      ]
    case 'REPLICA_STALE':
      return [
        'Reads on a replica may be stale.',
        `${backends(caveat.backends)} answers from a copy that follows its primary.${unsyncedText(caveat.unsynced.map(names.backend))} The section on replication lag says how far behind it was, and what brought changes over before its reader looked.`,
      ]
    case 'WRITE_FORWARDED':
      return [
        'Writes on a replica travel to its primary.',
        `On ${backends(caveat.backends)} the figures of ${list(caveat.scenarios.map(names.scenario))} hold the way to the primary and back, as often as the driver goes it.${Object.entries(
          caveat.roundTrips,
        )
          .map(
            ([id, times]) =>
              ` ${names.backend(id)} goes it ${plural(times, 'time')} for a statement that writes, and as often again for every other statement of a transaction, BEGIN and COMMIT among them: ${count(times)} × (n + 2) times for n statements.`,
          )
          .join('')}`,
      ]
    case 'PREPARED_EVERY_CALL':
      return [
        'Not every driver keeps prepared statements.',
        `${backends(caveat.backends)} prepares its statement anew in every call, because its client offers nothing else: parsing and planning are in its figures, and not in those of drivers that prepare once.`,
      ]
    case 'RTT_EMULATED':
      return [
        `The distance to ${list(caveat.backends.map(names.backend), 2)} is emulated.`,
        `${EMULATORS[caveat.emulator]} between client and ${backends(caveat.backends)}: ${duration(caveat.requestedRttNs)} of round trip were asked for, ${duration(caveat.measuredRttNs)} were measured. Untrue to a real network: ${untruthList(caveat.untrue)}.`,
      ]
    case 'AT_DISTANCE':
      return ['The distances were emulated.', atDistance(caveat, names)]
    case 'TAIL_TOO_FEW':
      return [
        'Too few operations for the far tail.',
        `Percentiles that too few operations lie beyond are withheld and read “too few”: ${cells(caveat.cells)}.`,
      ]
    case 'DURABILITY_DIFFERS':
      return [
        'Commits do not all promise the same.',
        `In ${list(caveat.scenarios.map(names.scenario))} the classes are: ${list(
          Object.entries(caveat.classes).map(([backend, kind]) => `${names.backend(backend)} ${kind}`),
        )}. Only “durable” survives a loss of power at the moment of the commit; classes never share a ranking.`,
      ]
    case 'SAME_HOST':
      return [
        'Client and server share one machine.',
        `Servers of ${backends(caveat.backends)} ran on the host of the client: their processor time competes, and no network card is in between.`,
      ]
    case 'IN_CONTAINER':
      return [
        caveat.backends.length === 1
          ? `The server of ${backends(caveat.backends)} runs in a container.`
          : `The servers of ${list(caveat.backends.map(names.backend), 2)} run in containers.`,
        caveat.road === 'address'
          ? `${backends(caveat.backends)} was dialled at the container’s own address, over Docker’s bridge. A process of this host is nearer by that bridge.`
          : `${backends(caveat.backends)} was dialled at a port that Docker publishes. Its proxy or address translation is in every figure, and takes longer than the container’s own address would.`,
      ]
    case 'WARM_CACHE':
      return [
        'Caches are warm.',
        'The data was read before the clock started and fits in memory; nothing here says how a database behaves that has to go to the disk.',
      ]
    case 'CLOSED_LOOP':
      return [
        `${caveat.callers.length === 1 && caveat.callers[0] === 1 ? 'One caller' : `${list(caveat.callers.map(count))} callers`} in a closed loop.`,
        'The next operation starts when the last one has ended, so this is service time: waiting in a queue under load is not in it.',
      ]
    case 'SATURATED':
      return [
        'Some loads were more than the database could take.',
        `In most rounds more than ${percent(caveat.limit)} of the operations were not done when the timetable ended: ${loadList(caveat.loads, names)}. There the backlog grows for as long as the load lasts, so response times say how long the round was and not how fast the database is.`,
      ]
    case 'CLOCK_COARSE':
      return [
        'The clock weighs on the shortest operations.',
        `Reading it takes ${duration(caveat.readNs)}, which is part of every figure and never subtracted; it counts in ${cells(caveat.cells)}.`,
      ]
    case 'NOISY':
      return [
        'The rounds do not agree well.',
        `Medians of rounds differ by more than ${percent(caveat.limits[0])} in process, or ${percent(caveat.limits[1])} elsewhere, in ${cells(caveat.cells)}.`,
      ]
    case 'CONTENDED':
      return [
        'The thread was ready and had to wait.',
        `Its processor was busy with others, or with work of the kernel or driver on its behalf, for more than ${percent(caveat.limit)} of a round in ${cells(caveat.cells)}.`,
      ]
    case 'NO_STEADY_STATE':
      return [
        'Some cells were not steady yet.',
        `Between the first and the last third of a round latency moves by more than ${percent(caveat.limit)}, in all rounds alike: ${cells(caveat.cells)}. The warm-up was too short for them, or there is no steady state, so small differences do not follow from their figures; --warm-up gives them more time.`,
      ]
    case 'DRIFT':
      return [
        'Latency moved while it was measured.',
        `Later rounds are steadily slower or faster than earlier ones in ${cells(caveat.cells)}, so their interval describes no steady state.`,
      ]
    case 'ERRORS':
      return [
        'Some operations failed.',
        `${plural(caveat.errors, 'operation')} threw an error in ${cells(caveat.cells)}. They are counted and have no latency.`,
      ]
    case 'NO_INTERVAL':
      return [
        'Too few rounds for an interval.',
        `${plural(caveat.rounds, 'round')} were measured and a 95 % interval needs ${count(caveat.needed)}, so the order of close backends may be chance.`,
      ]
    case 'UNPINNED':
      return [
        'Processes were not pinned to processors.',
        'The operating system moved them as it liked, which changes the latency of a local server by a factor of two and more.',
      ]
    case 'VOLATILE_STORAGE':
      return [
        'The databases did not lie on a disk.',
        `Their files are on ${caveat.filesystem}, which a loss of power empties: “durable” cost less here than it does on a disk.`,
      ]
    case 'SERVER_NOT_REPLICATED':
      return [
        caveat.starts === 1 ? 'One server process served all rounds.' : 'Few starts of the server served all rounds.',
        caveat.starts === 1
          ? `The rounds on ${backends(caveat.backends)} renew the client only; how one start of the server differs from the next is not in their interval.`
          : `The rounds on ${backends(caveat.backends)} renew the client only. A server was started ${count(caveat.starts)} times at most, once a merged run; how one start differs from the next is hardly in their interval.`,
      ]
    case 'MERGED':
      return [
        'Several runs were merged.',
        `${plural(caveat.runs, 'run')} stand together here, and rounds of one region in one row, whichever machine measured them. The machines ${alike(caveat.differing)}. An interval describes the machines that took part and not any other.${apart(caveat.regions)}`,
      ]
    case 'HOSTS_DIFFER':
      return [
        'The machines of one row do not agree.',
        `The median of one exceeds that of another by up to ${percent(caveat.largest - 1)}, and their intervals do not touch, in ${cells(caveat.cells)}. There the rounds are not independent of one another: the interval is too narrow, and the figure lies between machines rather than on one.`,
      ]
  }
}

/** What was done, and how good the cells are that no other caveat sees. */
function atDistance(caveat: Extract<Caveat, { id: 'AT_DISTANCE' }>, names: Names): string {
  const { bases, noisiest, measured, rounds, noisyLimits } = caveat
  const [inProcess, elsewhere] = noisyLimits.map(percent)
  const worst = `${names.scenario(noisiest.scenario)} on ${names.backend(noisiest.backend)}`
  const found = (
    [
      [
        caveat.noisy,
        `whose rounds’ medians differ by more than ${inProcess} in process, or ${elsewhere} elsewhere (${percent(noisiest.spread)} at most: ${worst})`,
      ],
      [caveat.unsteady, 'that had no steady state within a round'],
      [caveat.drifting, 'whose later rounds are steadily slower or faster than earlier ones'],
      [caveat.apart, 'on which the machines of this merged run do not agree'],
      [
        caveat.contendedRounds,
        `of ${plural(rounds, 'round')} in which the thread was ready and had to wait for more than ${percent(caveat.contendedLimit)} of the time`,
      ],
      [caveat.errors, 'operations that failed'],
    ] as const
  ).flatMap(([times, text]) => (times === 0 ? [] : [`${count(times)} ${text}`]))
  return [
    `${list(bases.map(names.backend))} ${bases.length === 1 ? 'was' : 'were'} measured through ${list(caveat.emulators.map((one) => EMULATOR_NAMES[one]))} at ${list(caveat.requestedRttsNs.map(tick))} of round trip too; what the rounds’ echoes took was off by ${percent(caveat.rttOff)} at most.`,
    `Untrue to a real network: ${untruthList(caveat.untrue)}.`,
    `The ${plural(measured, 'cell')} at a distance stand in no ranking, and the other caveats leave them out. ${found.length === 0 ? 'No rule finds fault with them.' : `Among them: ${found.join('; ')}.`}`,
  ].join(' ')
}

const unsyncedText = (titles: readonly string[]): string =>
  titles.length === 0
    ? ''
    : ` Reads in the rankings do not sync on ${list(titles)}: they show what the session brought over when it was opened or last synced, and what others have written since does not show however long one waits.`

const FACTS: Readonly<Record<keyof HostFacts, string>> = {
  os: 'operating system',
  kernel: 'kernel',
  arch: 'architecture',
  cpu: 'processor',
  cores: 'number of cores',
  memoryBytes: 'memory',
  node: 'Node',
  virtualization: 'virtualization',
  storage: 'file system',
}

const alike = (differing: readonly (keyof HostFacts)[]): string =>
  differing.length === 0
    ? 'are alike in everything that was recorded'
    : `differ in ${list(differing.map((fact) => FACTS[fact]))}`

const apart = (regions: readonly string[]): string =>
  regions.length < 2
    ? ''
    : ` Rows of different regions (${list(regions)}) ran on different machines at different times: no round of one is paired with a round of the other, so ratios between them carry no interval.`

export const EMULATOR_NAMES: Readonly<Record<Emulator, string>> = { netem: 'netem', tun: 'tun', relay: 'a relay' }

const EMULATORS: Readonly<Record<Emulator, string>> = {
  netem: 'netem, in the kernel, delays every packet',
  tun: 'tun, a network device of its own, delays every packet',
  relay: 'A relay delays every byte',
}

/** In what an emulated distance differs from a real one. */
const UNTRUTHS: Readonly<Record<Untruth, string>> = {
  'connect-early': 'connecting returns at once, and the first bytes wait that round trip instead',
  'no-slow-start': 'results above some 14 kB do not pay for TCP’s slow start',
  'no-loss': 'nothing is lost',
  'no-jitter': 'every round trip takes the same time',
  'no-bandwidth-limit': 'bandwidth has no limit',
}

export const untruthList = (untrue: readonly Untruth[]): string => list(untrue.map((one) => UNTRUTHS[one]))

const MOST_CELLS = 6

/** Grouped by scenario, so that twelve backends of one scenario read as one item. */
function cellList(cells: readonly CellName[], names: Names): string {
  const byScenario = new Map<string, string[]>()
  for (const { backend, scenario } of cells) {
    const known = byScenario.get(scenario)
    if (known === undefined) byScenario.set(scenario, [names.backend(backend)])
    else known.push(names.backend(backend))
  }
  const items = [...byScenario].map(([scenario, them]) => `${names.scenario(scenario)} (${list(them, 4)})`)
  return items.length === 0
    ? 'no cell'
    : items.slice(0, MOST_CELLS).join('; ') +
        (items.length > MOST_CELLS ? `; and ${items.length - MOST_CELLS} more` : '')
}

function loadList(loads: readonly (CellName & { readonly ratePerSecond: number })[], names: Names): string {
  const items = loads.map(
    ({ backend, scenario, ratePerSecond }) =>
      `${names.scenario(scenario)} on ${names.backend(backend)} at ${rate(ratePerSecond)}`,
  )
  return list(items, MOST_CELLS)
}
