import type {
  Claim,
  ClaimFinding,
  ClaimReason,
  ClaimSource,
  ClaimSubject,
  ClaimUnit,
  ClaimVerdict,
  JudgedClaim,
} from '../bench/contract/index.ts'
import {
  count,
  duration,
  durationInterval,
  list,
  MISSING,
  number,
  numberInterval,
  plural,
  rate,
  ratio,
  ratioInterval,
} from './format.ts'
import type { View } from './view.ts'

/** A claim beside what was measured, in words, the same in every report. */
export interface ClaimWords {
  readonly judged: JudgedClaim
  readonly verdict: string
  /** On which side, that a distance was emulated, and why it cannot be told. */
  readonly remarks: readonly string[]
  readonly claimed: string
  readonly findings: readonly FindingWords[]
}

export interface FindingWords {
  readonly finding: ClaimFinding
  readonly value: string
  readonly interval: string
  /** Whose figure it is, of what, and under which conditions. */
  readonly on: string
  readonly conditions: string
  /** Of the caveats that stand beside the figures of its backends. */
  readonly letters: readonly string[]
}

export const CLAIMS_TITLE = 'Published claims, checked'

export function claimsAbout({ run }: View): string {
  const where = run.sources.length === 0 ? 'on this machine' : 'on these machines'
  return `What others published, beside what this run measured ${where}. Consistent: the whole interval lies within what is claimed. Contradicted: the whole interval lies outside. Whatever is neither, or was not measured as the claim needs it, cannot be told. Nothing follows for other machines.`
}

export const NO_CLAIMS = 'No claims were held against this run.'

const VERDICTS: Readonly<Record<ClaimVerdict, string>> = {
  consistent: 'consistent',
  contradicted: 'contradicted',
  'cannot-tell': 'cannot tell',
}

/** `Published claims: 3 consistent, 2 contradicted, 11 cannot tell.` Null without any. */
export function claimCounts({ claims }: View): string | null {
  if (claims.length === 0) return null
  const of = (verdict: ClaimVerdict): string =>
    `${count(claims.filter((one) => one.verdict === verdict).length)} ${VERDICTS[verdict]}`
  return `Published claims: ${of('consistent')}, ${of('contradicted')}, ${of('cannot-tell')}.`
}

/** The claims of one source. */
export interface ClaimGroup {
  readonly source: ClaimSource
  /** Title, publisher and date, as far as they are known. */
  readonly name: string
  /** With a figure beside what is claimed. */
  readonly judged: readonly ClaimWords[]
  /** Nothing in this run may judge them. */
  readonly untold: readonly ClaimWords[]
}

export function claimGroups(view: View): ClaimGroup[] {
  const bySource = Map.groupBy(view.claims, ({ claim: { source } }) => JSON.stringify(source))
  return [...bySource.values()].map((those) => {
    const { source } = those[0]!.claim
    const words = those.map((judged) => claimWords(view, judged))
    return {
      source,
      name: [source.title, source.publisher, source.date].filter((part) => part !== undefined).join(', '),
      judged: words.filter(({ findings }) => findings.length > 0),
      untold: words.filter(({ findings }) => findings.length === 0),
    }
  })
}

const claimWords = (view: View, judged: JudgedClaim): ClaimWords => ({
  judged,
  verdict: VERDICTS[judged.verdict],
  remarks: remarksOf(view, judged),
  claimed: claimedText(judged.claim),
  findings: judged.findings.map((finding) => findingWords(view, finding, judged.claim.unit)),
})

function remarksOf(view: View, { verdict, findings, reason }: JudgedClaim): string[] {
  const [place, ...others] = new Set(findings.map((finding) => finding.place))
  return [
    ...(verdict === 'contradicted' && others.length === 0
      ? [place === 'below' ? 'less than claimed' : 'more than claimed']
      : []),
    ...(findings.some(({ emulated }) => emulated) ? ['distance emulated'] : []),
    ...(reason === null ? [] : [reasonText(view, reason)]),
  ]
}

function findingWords(view: View, finding: ClaimFinding, unit: ClaimUnit): FindingWords {
  const { subjects, scenarios, value, low, high, basis } = finding
  const titles = new Map(view.scenarios.map(({ id, title }) => [id, title]))
  const what = scenarios.map((id) => titles.get(id) ?? id)
  return {
    finding,
    value: FIGURES[unit](value),
    interval: basis === 'construction' ? 'by construction' : INTERVALS[unit](low, high),
    on: [
      ...(what.length === 0 ? [] : [list(what)]),
      subjects.map((subject) => subjectText(view, subject)).join(' against '),
    ].join(': '),
    conditions: conditions(finding).join('; '),
    letters: basis === 'construction' ? [] : lettersOf(view, finding),
  }
}

const lettersOf = (view: View, { subjects, scenarios }: ClaimFinding): string[] =>
  [
    ...new Set(subjects.flatMap(({ backend }) => scenarios.flatMap((scenario) => view.letters(backend, scenario)))),
  ].toSorted()

function conditions({ basis, count: n, subjects }: ClaimFinding): string[] {
  const settings = subjects.flatMap((subject) => Object.entries(subject.settings))
  return [
    ...(basis === 'rounds' ? [plural(n, 'round')] : basis === 'bracket' ? [plural(n, 'marker')] : []),
    ...settings.map(([name, value]) => `${name} ${String(value)}`),
  ]
}

function subjectText(view: View, { base, rttNs, emulated }: ClaimSubject): string {
  const away = rttNs === null ? '' : ` at ${duration(rttNs)} of ${emulated ? 'emulated ' : ''}round trip`
  return `${view.title(base)}${away}`
}

const FIGURES: Readonly<Record<ClaimUnit, (value: number) => string>> = {
  ns: duration,
  ratio,
  'round trips': number,
  'operations per second': rate,
  'reads per write': number,
}

const INTERVALS: Readonly<Record<ClaimUnit, (low: number | null, high: number | null) => string>> = {
  ns: durationInterval,
  ratio: ratioInterval,
  'round trips': numberInterval,
  'operations per second': (low, high) =>
    low === null || high === null ? numberInterval(null, null) : `${rate(low)} – ${rate(high)}`,
  'reads per write': numberInterval,
}

/** `about 20.6 µs (10.3–41.2 µs)`, `100–400×`, `at most 1.00 ms`. */
function claimedText({ claimed, unit }: Claim): string {
  const named = (value: number): string =>
    `${CLAIMED[unit](value)} ${value === 1 ? NAMED[unit].replace(/s$/, '') : NAMED[unit]}`.trim()
  if ('about' in claimed) {
    const { about, factor } = claimed
    return `about ${named(about)} (${INTERVALS[unit](about / factor, about * factor)})`
  }
  const { low, high } = claimed
  if (low !== undefined && high !== undefined)
    return low === high ? named(low) : `${INTERVALS[unit](low, high)} ${NAMED[unit]}`.trim()
  return low !== undefined ? `at least ${named(low)}` : high !== undefined ? `at most ${named(high)}` : MISSING
}

const plain = (value: number): string => (Number.isInteger(value) ? count(value) : number(value))
/** A claim of one round trip is not one of 1.00. */
const CLAIMED: typeof FIGURES = { ...FIGURES, 'round trips': plain, 'reads per write': plain }

/** What a figure does not say itself. */
const NAMED: Readonly<Record<ClaimUnit, string>> = {
  ns: '',
  ratio: '',
  'round trips': 'round trips',
  'operations per second': '',
  'reads per write': 'reads a write',
}

function reasonText(view: View, reason: ClaimReason): string {
  const names = (backends: readonly string[]): string => list([...new Set(backends)].map(view.title), 3)
  const scenario = (id: string): string => view.scenarios.find((one) => one.id === id)?.title ?? id
  switch (reason.kind) {
    case 'absent':
      return 'no backend that this claim is about took part'
    case 'simulator':
      return `a simulator on this machine judges nothing (${names(reason.backends)})`
    case 'not-deployed':
      return `the claim is about a deployed database, and what was started here is none (${names(reason.backends)})`
    case 'setting':
      return `the setting ${reason.name} of ${names(reason.backends)} is not what the claim needs`
    case 'distance':
      return distanceReason(view, reason)
    case 'emulated':
      return `the distance to ${names(reason.backends)} is emulated, and the claim is about a real one`
    case 'answers-differ':
      return `answers of ${names(reason.backends)} differ from those of others`
    case 'no-pair':
      return 'nothing was measured that the two sides of this claim have in common'
    case 'not-measured':
      return view.scenarios.some(({ id }) => id === reason.scenario)
        ? `“${scenario(reason.scenario)}” of one caller in a closed loop has no result on ${names(reason.backends)}`
        : `the scenario ${reason.scenario} took no part`
    case 'not-moved':
      return `round trips are counted at several distances, and there was one (${names(reason.backends)})`
    case 'no-lag':
      return `no replication lag of ${names(reason.backends)} was measured`
    case 'lag-not-in-time':
      return `half of the writes did not show in time on ${names(reason.backends)}`
    case 'few-markers':
      return `${plural(reason.markers, 'marker')} were watched, and ${count(reason.needed)} are needed`
    case 'not-paired':
      return `no round of ${names(reason.backends)} has a partner in the same repetition`
    case 'durability':
      return `commits of ${names(reason.backends)} do not promise the same`
    case 'reads-not-faster':
      return `of ${names(reason.backends)}, the first does not read faster than the second in every round`
    case 'no-interval':
      return 'there are too few rounds for an interval'
    case 'boundary':
      return 'the interval lies across an end of what is claimed'
    case 'disagree':
      return 'what may judge this claim does not agree'
  }
}

const span = ([lowMs, highMs]: readonly [number, number]): string => durationInterval(lowMs * 1e6, highMs * 1e6)

function distanceReason(
  view: View,
  { wantedMs, wantedEmulatedMs, found }: Extract<ClaimReason, { kind: 'distance' }>,
): string {
  const places = [...Map.groupBy(found, ({ base }) => base)].map(([base, subjects]) => {
    const away = subjects.flatMap(({ rttNs }) => (rttNs === null ? [] : [duration(rttNs)]))
    return `${view.title(base)} ${away.length === 0 ? 'has no measured round trip' : `is ${list(away)} away`}`
  })
  const emulatedAreAsked = found.some(({ emulated }) => emulated) && wantedEmulatedMs?.join() !== wantedMs?.join()
  const wanted =
    wantedMs === null || wantedEmulatedMs === null
      ? 'no distance in between'
      : `a round trip of ${span(wantedMs)}${emulatedAreAsked ? `, or of ${span(wantedEmulatedMs)} where it is emulated` : ''}`
  return `the claim needs ${wanted}; ${list(places, 3)}`
}
