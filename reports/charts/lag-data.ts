import type { LagCell, LagFigures, MarkerTrace } from '../../bench/contract/index.ts'
import { rate } from '../format.ts'
import type { Share } from './lag-share.ts'
import { sharesOf } from './lag-share.ts'

/** Markers of one backend, first at rest and then under load. */
export interface LagRow {
  readonly backend: number
  readonly isLoaded: boolean
  /** What was written meanwhile. */
  readonly meanwhile: string
  /** One a run: times of different runs have nothing in common. */
  readonly traces: readonly PackedTrace[]
  /** Of all markers, from their ends as they were measured: three digits would move some of them across a round time. */
  readonly shares: readonly Share[]
}

/** Markers of one phase of a backend as they were measured. */
export interface LagPhase {
  readonly isLoaded: boolean
  readonly meanwhile: string
  readonly traces: readonly MarkerTrace[]
}

/** Columns with three digits, in microseconds, because a page holds thousands of figures. Null: that end is not known. */
interface PackedTrace {
  readonly sentMs: readonly number[]
  readonly lowerUs: readonly (number | null)[]
  readonly upperUs: readonly (number | null)[]
}

type MeasuredLag = Extract<LagCell, { outcome: 'measured' }>

const phase = ({ traces }: LagFigures, isLoaded: boolean, meanwhile: string): LagPhase[] =>
  traces === null ? [] : [{ isLoaded, meanwhile, traces }]

/** Those whose markers were kept. */
export function keptPhases(cell: MeasuredLag): LagPhase[] {
  const { underLoad } = cell
  return [
    ...phase(cell, false, 'at rest'),
    ...(underLoad === null ? [] : phase(underLoad, true, `${rate(underLoad.load.achievedPerSecond)} written`)),
  ]
}

export const lagRows = (backend: number, cell: MeasuredLag): LagRow[] =>
  keptPhases(cell).map(({ isLoaded, meanwhile, traces }) => ({
    backend,
    isLoaded,
    meanwhile,
    traces: traces.map(packed),
    shares: sharesOf(traces.flatMap(measuredEnds)),
  }))

function packed({ sentNs, lowerNs, upperNs }: MarkerTrace): PackedTrace {
  return { sentMs: sentNs.map((ns) => Math.round(ns / 1e6)), lowerUs: lowerNs.map(toUs), upperUs: upperNs.map(toUs) }
}

/** Both ends of one marker, from the acknowledgement of its write. */
export interface Ends {
  readonly sentNs: number
  readonly lowerNs: number | null
  readonly upperNs: number | null
}

export const measuredEnds = ({ sentNs, lowerNs, upperNs }: MarkerTrace): Ends[] =>
  sentNs.map((ns, n) => ({ sentNs: ns, lowerNs: lowerNs[n]!, upperNs: upperNs[n]! }))

/** To three digits, for drawing. */
export const endsOf = ({ sentMs, lowerUs, upperUs }: PackedTrace): Ends[] =>
  sentMs.map((ms, n) => ({ sentNs: ms * 1e6, lowerNs: toNs(lowerUs[n]!), upperNs: toNs(upperUs[n]!) }))

const toUs = (ns: number | null): number | null => (ns === null ? null : Number((ns / 1e3).toPrecision(3)))

const toNs = (us: number | null): number | null => (us === null ? null : us * 1e3)
