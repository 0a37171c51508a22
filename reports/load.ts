import type { BoundedQuantile, Load, LoadCurve, LoadPoint, PlannedLoad } from '../bench/contract/index.ts'
import { count, duration, list, percent, plural, quantileName, rate } from './format.ts'
import type { View } from './view.ts'

/** The load of a plan or a cell, as the beginning of a sentence. */
export function loadText(load: PlannedLoad): string {
  switch (load.kind) {
    case 'closed':
      return `closed loop, ${plural(load.callers, 'caller')}`
    case 'open':
      return `open loop, ${rate(load.ratePerSecond)} (${arrivalsText(load)})`
    case 'sweep':
      return `closed loop, 1 caller, then open loop at ${list(load.shares.map(percent))} of its throughput (${arrivalsText(load)})`
  }
}

const arrivalsText = (load: Exclude<PlannedLoad, { kind: 'closed' }>): string =>
  `${load.arrivals} arrivals, at most ${count(load.concurrency)} under way`

/** Flags of `sqlatency run` that ask for a load again. */
export function loadFlags(load: PlannedLoad): string {
  switch (load.kind) {
    case 'closed':
      return load.callers === 1 ? '' : ` --concurrency ${load.callers}`
    case 'open':
      return ` --rate ${load.ratePerSecond}${openFlags(load)}`
    case 'sweep':
      return ` --sweep${openFlags(load)}`
  }
}

const openFlags = (load: Exclude<PlannedLoad, { kind: 'closed' }>): string =>
  ` --arrivals ${load.arrivals} --concurrency ${load.concurrency}`

export const isOpen = (load: Load): boolean => load.kind === 'open'

/** Heads of the table of loads. Service and response time stand side by side. */
export const LOAD_HEADS = [
  'load',
  'offered',
  'achieved',
  'unissued',
  'service p50 / p99',
  'response p50 / p99',
  'late p50 / p99',
  'errors',
] as const

/** One load in the words of that table. */
export function loadCells({ share, contended, cell }: LoadPoint): readonly string[] {
  const { estimates } = cell
  const { response, quantiles } = estimates
  if (response === null) return []
  const service = (p: number): string => quantileText(quantiles.find((one) => one.p === p)?.ns ?? null)
  const whole = (p: number): string => boundedText(response.quantiles.find((one) => one.p === p))
  return [
    (share === null ? rate(response.offeredPerSecond) : percent(share)) +
      (response.saturated ? ', saturated' : '') +
      (contended ? ', contended' : ''),
    rate(response.offeredPerSecond),
    rate(response.achievedPerSecond),
    count(response.unissued),
    `${service(0.5)} / ${service(0.99)}`,
    `${whole(0.5)} / ${whole(0.99)}`,
    `${duration(response.lateness.p50Ns)} / ${quantileText(response.lateness.p99Ns)}`,
    count(estimates.errors),
  ]
}

const quantileText = (ns: number | null): string => (ns === null ? 'too few' : duration(ns))

/** A lower bound says that it is one. */
function boundedText(quantile: BoundedQuantile | undefined): string {
  if (quantile === undefined || quantile.ns === null) return 'too few'
  return `${quantile.atLeast ? '≥ ' : ''}${duration(quantile.ns)}`
}

/** Where a backend stops answering as it does at rest. Null where there is one load only. */
export function kneeText(view: View, curve: LoadCurve): string | null {
  const { knee, capacityPerSecond } = curve
  if (knee === null) return null
  const at = (perSecond: number): string =>
    capacityPerSecond === null
      ? rate(perSecond)
      : `${rate(perSecond)}, ${percent(perSecond / capacityPerSecond)} of the ${rate(capacityPerSecond)} that one caller gets`
  const name = view.title(curve.backend)
  const there = knee.kind === 'none' ? undefined : curve.points.find((one) => one.ratePerSecond === knee.ratePerSecond)
  const may =
    there?.contended === true
      ? ' The processor was shared with others there: on a quiet machine it may come later.'
      : ''
  switch (knee.kind) {
    case 'saturation':
      return `${name}: knee at ${at(knee.ratePerSecond)}, where it no longer keeps up.${may}`
    case 'response':
      return `${name}: knee at ${at(knee.ratePerSecond)}, where response time at ${quantileName(knee.p)} is more than twice that at the lowest load.${may}`
    case 'none':
      return `${name}: no knee up to ${rate(curve.points.at(-1)!.ratePerSecond)}, judged by response time at ${quantileName(knee.p)}.`
  }
}

/** What the table shows, for above it. */
export const LOAD_ABOUT =
  'Operations arrive by a timetable, whether or not the database keeps up. Service time is from the call to the answer; response time counts from the moment when the operation was due, so it holds the wait of those that found the database busy. Operations that were never issued count as at least what they had waited; “≥” marks a percentile that falls among them. Late is the dispatcher itself, which is part of the response time too. Contended: the measuring thread had to wait for a processor in most rounds.'

/** Curves of one scenario, in the order of the backends. */
export const curvesOf = (view: View, scenario: string): readonly LoadCurve[] =>
  view.loads.filter((curve) => curve.scenario === scenario)
