import type { LagCell, LagFigures } from '../../bench/contract/index.ts'
import { rate } from '../format.ts'

/** Markers of one backend, first at rest and then under load. */
export interface LagRow {
  readonly backend: number
  readonly isLoaded: boolean
  /** What was written meanwhile. */
  readonly meanwhile: string
  /** One a run: times of different runs have nothing in common. */
  readonly traces: readonly PackedTrace[]
}

/** Columns with three digits, in microseconds, because a page holds thousands of figures. Null: that end is not known. */
interface PackedTrace {
  readonly sentMs: readonly number[]
  readonly lowerUs: readonly (number | null)[]
  readonly upperUs: readonly (number | null)[]
}

type MeasuredLag = Extract<LagCell, { outcome: 'measured' }>

/** Those whose markers were kept. */
export function lagRows(backend: number, cell: MeasuredLag): LagRow[] {
  const { underLoad } = cell
  const row = (figures: LagFigures, isLoaded: boolean, meanwhile: string): LagRow[] =>
    figures.traces === null ? [] : [{ backend, isLoaded, meanwhile, traces: figures.traces.map(packed) }]
  return [
    ...row(cell, false, 'at rest'),
    ...(underLoad === null ? [] : row(underLoad, true, `${rate(underLoad.load.achievedPerSecond)} written`)),
  ]
}

function packed({ sentNs, lowerNs, upperNs }: NonNullable<LagFigures['traces']>[number]): PackedTrace {
  return { sentMs: sentNs.map((ns) => Math.round(ns / 1e6)), lowerUs: lowerNs.map(toUs), upperUs: upperNs.map(toUs) }
}

/** Both ends of one marker, from the acknowledgement of its write. */
export interface Ends {
  readonly sentNs: number
  readonly lowerNs: number | null
  readonly upperNs: number | null
}

export const endsOf = ({ sentMs, lowerUs, upperUs }: PackedTrace): Ends[] =>
  sentMs.map((ms, n) => ({ sentNs: ms * 1e6, lowerNs: toNs(lowerUs[n]!), upperNs: toNs(upperUs[n]!) }))

const toUs = (ns: number | null): number | null => (ns === null ? null : Number((ns / 1e3).toPrecision(3)))

const toNs = (us: number | null): number | null => (us === null ? null : us * 1e3)
