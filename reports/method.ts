import type { BackendFacts, DriverFacts, Run, ServerFacts } from '../bench/contract/index.ts'
import { EMULATOR_NAMES } from './caveats.ts'
import { containerText } from './container.ts'
import { MISSING, bytes, count, duration, list, moment, percent, plural, ratio, rate } from './format.ts'
import { loadFlags, loadText } from './load.ts'
import { repeatedText, slowText, warmUpText } from './rounds.ts'
import type { View } from './view.ts'

/** A term with what there is to say about it. */
export type Entry = readonly [term: string, text: string]

/** How it was measured: what a reader needs to repeat or to disagree. */
export function method(view: View): readonly Entry[] {
  const { plan, clock, placement, seed, sources } = view.run
  return [
    [
      'One operation',
      'Bind, execute and fetch all rows of one question of the scenario, awaited where the driver is asynchronous; statements are prepared once where the driver can keep one. Arguments are drawn before the clock starts, the same for every backend.',
    ],
    [
      'What is timed',
      `Service time: from the call to its last row, seen by the application.${view.loads.length === 0 ? '' : ' In an open loop response time too, which counts from the moment when the operation was due.'}`,
    ],
    ['Load', `${sentenceCase(loadText(plan.load))}.`],
    [
      'Rounds',
      `${plural(plan.rounds, 'round')} planned, each a fresh process that measures for ${duration(plan.roundNs)}.`,
    ],
    ['Order', `Backends are shuffled anew in every repetition, seed ${seed}.`],
    ['Warm-up', warmUpText(view)],
    [
      'Quantiles',
      'Over all operations: Hyndman and Fan’s type 7 from 1,000 on, the trimmed Harrell-Davis estimator below. A percentile is withheld when n(1−p), the number of operations beyond it, is too small.',
    ],
    [
      'Intervals',
      'p50 is the Hodges-Lehmann estimate over the logarithms of the rounds’ medians with the exact 95 % signed-rank interval; ratios come from paired rounds in the same way. It takes rounds to be independent of one another and to scatter evenly to both sides. With six rounds it is the range of their medians, and its level 96.9 %. The unit of replication is the round, not the operation.',
    ],
    [
      'Rank',
      'Backends whose intervals overlap share a rank. Writes of different durability classes are not ranked against one another.',
    ],
    ['Clock', `${clock.name}; two readings in a row are ${duration(clock.readNs)} apart (median), never subtracted.`],
    ['Contended rounds', repeatedText(view)],
    ['Slow operations', slowText(view) ?? 'None was judged.'],
    ...(sources.length === 0
      ? []
      : [
          [
            'Merged',
            `From ${plural(sources.length, 'run')} of the same plan, data, answers and harness. Every operation of each is here; percentiles are those of all operations of a row together. A repetition holds rounds of one machine only.`,
          ] as const,
        ]),
    ['Outliers, errors', 'No operation is removed. Operations that threw are counted apart and have no latency.'],
    [
      'Answers',
      plan.verifySamples === 0
        ? 'Not compared.'
        : `Before any clock started, the answers to ${plural(plan.verifySamples, 'question')} a scenario were compared between backends.`,
    ],
    [
      'Placement',
      sources.length > 0
        ? 'That of each merged run stands beside its machine.'
        : `Client on ${cpus(placement.clientCpus)}, servers on ${cpus(placement.serverCpus)}.`,
    ],
    ['Durability asked for', plan.durability],
    [
      'Replication lag',
      plan.lagMarkers === 0
        ? 'Not part of this plan.'
        : `${plural(plan.lagMarkers, 'marker')} a backend. Polling starts before a write is sent; the truth of each marker lies in its bracket [last poll without it − acknowledgement, first poll with it − sending].${plan.lagWritesPerSecond === 0 ? '' : ` Then once more while another client writes ${rate(plan.lagWritesPerSecond)} at the primary.`}`,
    ],
  ]
}

/** What it ran on. `unknown` where a value could not be found. */
export function environment(view: View): readonly Entry[] {
  const { datasets, plan, harness, region, sources } = view.run
  return [
    ...(sources.length === 0
      ? [...(region === null ? [] : [['Region', region] as const]), ...machine(view.run)]
      : sources.map((source): Entry => [
          `Run ${source.id}`,
          [
            ...(source.region === null ? [] : [`region ${source.region}`]),
            `${moment(source.startedAt)}, repetitions ${source.repetitions.first + 1} to ${source.repetitions.end}`,
            ...machine(source).map(([, text]) => text),
            `clock read in ${duration(source.clock.readNs)}`,
            `client on ${cpus(source.placement.clientCpus)}, servers on ${cpus(source.placement.serverCpus)}`,
          ].join('; '),
        ])),
    ['Harness', `sqlatency ${harness.version}, commit ${harness.commit ?? 'unknown'}`],
    ...datasets.map((dataset): Entry => [
      `Dataset ${dataset.id}`,
      `${dataset.title}: ${dataset.tables.map((table) => `${table.name} ${count(table.rows)}`).join(', ')} rows; scale ${plan.scale}, hash ${dataset.hash}`,
    ]),
    ...view.nulls.map((backend): Entry => ['Floor', floor(view, backend)]),
  ]
}

function machine({ host }: Pick<Run, 'host'>): readonly Entry[] {
  const { storage } = host
  return [
    ['Processor', `${host.cpu}, ${plural(host.cores, 'core')}, ${host.arch}, virtualization: ${host.virtualization}`],
    ['Memory', bytes(host.memoryBytes)],
    [
      'Storage',
      `${storage.filesystem}; fdatasync p50 ${storage.fdatasyncP50Ns === null ? 'unknown' : duration(storage.fdatasyncP50Ns)}`,
    ],
    ['System', `${host.os}, kernel ${host.kernel}`],
    ['Runtime', `Node ${host.node}`],
  ]
}

/** Where it ran, in a few words. */
export function ranOn({ host, sources }: Run): string {
  if (sources.length > 0) return `merged from ${plural(sources.length, 'run')}`
  return `${host.cpu}, ${plural(host.cores, 'core')}, ${host.os}`
}

/** What one backend was, as it said itself. */
export function backendEntries(backend: BackendFacts): readonly Entry[] {
  const { session, distance } = backend
  return [
    ['Where', where(backend)],
    ['Versions', session === null ? 'unknown' : pairs(session.versions, ' ')],
    ['Settings read back', session === null ? 'unknown' : pairs(session.settings, '=')],
    ...(session?.driver === undefined ? [] : [['Driver', driverText(session.driver)] as const]),
    ['Durability', session === null ? 'unknown' : session.durability],
    ['Options', pairs(backend.options, '=')],
    [
      'Servers',
      backend.external
        ? 'given by its URL, not started by the harness'
        : backend.servers.length === 0
          ? 'none'
          : backend.servers.map(serverText).join('; '),
    ],
    [
      'Distance',
      distance === null
        ? 'none added'
        : `${duration(distance.requestedRttNs)} asked for, ${duration(distance.measuredRttNs)} measured through ${EMULATOR_NAMES[distance.emulator]} (median of the quietest five of ${plural(distance.echoes, 'echo', 'echoes')} in a row)`,
    ],
  ]
}

const driverText = ({ preparesEveryCall, readsDoNotSync, writeRoundTrips }: DriverFacts): string =>
  [
    preparesEveryCall === true ? 'prepares its statement anew in every call' : 'keeps prepared statements',
    ...(readsDoNotSync === true ? ['reads do not sync'] : []),
    ...(writeRoundTrips === undefined ? [] : [`${plural(writeRoundTrips, 'round trip')} for a statement that writes`]),
  ].join('; ')

function serverText({ name, version, cpus: on, container }: ServerFacts): string {
  const place = container === undefined ? '' : ` ${containerText(container)} (image ${container.imageId.slice(0, 19)})`
  return `${name} ${version}${place} on ${cpus(on)}`
}

const REACH = {
  'in-process': 'in this process',
  'same-host': 'another process on this host',
  network: 'beyond a network',
} as const

/** In a few words, for beside its name. */
export function where(backend: BackendFacts): string {
  const { distance, servers, traits } = backend
  return [
    REACH[backend.reach],
    ...(distance === null ? [] : [`RTT ${duration(distance.measuredRttNs)} emulated`]),
    ...(servers.some(({ container }) => container !== undefined) ? ['in a container'] : []),
    ...(traits.includes('simulator') ? ['simulator'] : []),
    ...(traits.includes('replica') ? ['replica'] : []),
  ].join(' · ')
}

/** What the harness alone takes, and its largest share in any figure. */
export function floor(view: View, backend: BackendFacts): string {
  const measured = view.scenarios
    .map((scenario) => view.measured(backend.id, scenario.id))
    .filter((cell) => cell !== null)
  if (measured.length === 0) return 'the harness alone was not measured'
  const shares = measured.flatMap((own) =>
    view.backends
      .map((other) => view.measured(other.id, own.scenario))
      .filter((cell) => cell !== null)
      .map((cell) => own.estimates.p50.valueNs / cell.estimates.p50.valueNs),
  )
  const figures = measured.map((cell) => cell.estimates.p50.valueNs)
  const [low, high] = [duration(Math.min(...figures)), duration(Math.max(...figures))]
  const share = shares.length === 0 ? '' : `, at most ${percent(Math.max(...shares))} of any p50`
  return `the harness alone, without a database, takes ${low === high ? low : `${low} to ${high}`} an operation${share}; it is part of every figure and never subtracted`
}

/** The commands that measure the same again. */
export function reproduce(view: View): readonly string[] {
  const { plan, harness, sources } = view.run
  const chosen = (flag: string, ids: readonly string[]): string =>
    ids.length === 0 ? '' : ` ${flag} ${quoted(ids.join(','))}`
  return [
    ...(harness.commit === null ? [] : [checkout(harness.commit)]),
    'npm ci',
    commandOf(view.run) +
      chosen('--backend', [...new Set(view.run.backends.map(({ id }) => id.replace(/@[^@]*$/, '')))]) +
      chosen(
        '--scenario',
        view.scenarios.map((scenario) => scenario.id),
      ) +
      chosen(
        '--distances',
        plan.rttsNs.map((ns) => String(ns / 1e6)),
      ),
    ...(sources.length === 0
      ? []
      : [
          `npx sqlatency merge ${sources.map(({ id }) => quoted(`results/${id}`)).join(' ')}  # one run of each machine`,
        ]),
  ]
}

/** What was not committed is in no checkout. */
function checkout(commit: string): string {
  const clean = commit.replace(/\+changes$/, '')
  return `git checkout ${quoted(clean)}${clean === commit ? '' : '  # and changes that were not committed'}`
}

function commandOf({ plan, seed, k6 }: Run): string {
  if (plan.name === 'lag')
    return `npx sqlatency lag --markers ${plan.lagMarkers} --write-rate ${plan.lagWritesPerSecond} --seed ${seed}`
  if (k6 === null) return `npx sqlatency run --plan ${quoted(plan.name)} --seed ${seed}${loadFlags(plan.load)}`
  const { ratePerSecond, durationNs, warmUpNs, virtualUsers, segments, sessions } = k6
  return (
    `npx sqlatency k6 --rate ${ratePerSecond} --duration ${durationNs / 1e6}ms --warm-up ${warmUpNs === 0 ? 0 : `${warmUpNs / 1e6}ms`} ` +
    `--concurrency ${virtualUsers}${segments === 1 ? '' : ` --segments ${segments}`}` +
    `${sessions === null ? '' : ` --sessions ${sessions}`} --scale ${plan.scale} --durability ${plan.durability} --seed ${seed}`
  )
}

const sentenceCase = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** Quoted for a POSIX shell unless it is harmless. */
function quoted(word: string): string {
  return /^[\w.,:/@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

function cpus(numbers: readonly number[] | null): string {
  return numbers === null ? 'any processor (not pinned)' : `processor ${list(numbers.map(String))}`
}

function pairs(record: Readonly<Record<string, unknown>>, between: string): string {
  const entries = Object.entries(record)
  return entries.length === 0 ? MISSING : entries.map(([name, value]) => `${name}${between}${String(value)}`).join(', ')
}

/** `1.00×` reads as a measured coincidence; the reference says what it is. */
export function ratioOrReference(value: number, isReference: boolean): string {
  return isReference ? '1×' : ratio(value)
}
