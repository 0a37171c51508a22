import { LIMITS } from '../analyze/caveats.ts'
import { REFERENCE_SLACK } from './reference.ts'

/** What a figure counts in; words are made of it at the edge. */
export type Unit = 'ns' | 'count' | 'number'

/** One thing that was checked: what is true, what the instrument says, and what it may say. */
export interface Row {
  readonly what: string
  readonly unit: Unit
  readonly truth: number
  readonly measured: number
  /** Both ends are allowed. */
  readonly low: number
  readonly high: number
  /** `exact` holds on any machine, however busy it is. `timed` wants a processor to itself. */
  readonly kind: 'exact' | 'timed'
}

export const holds = ({ measured, low, high }: Row): boolean => measured >= low && measured <= high

/** `contended`: a timed row that does not hold, on a machine too busy to blame the instrument. */
export type Verdict = 'pass' | 'fail' | 'contended'

/** Above the share of waiting at which a round is called contended, a timed row that does not hold says nothing of the instrument. */
export const CONTENDED = LIMITS.runqueueShare

/** @param busy share of time in which somebody waited for a processor; null where the system does not tell */
export function verdictOf(row: Row, busy: number | null): Verdict {
  if (holds(row)) return 'pass'
  return row.kind === 'timed' && busy !== null && busy > CONTENDED ? 'contended' : 'fail'
}

/** Nothing but the truth will do. */
export const exactly = (what: string, truth: number, measured: number, unit: Unit = 'count'): Row => ({
  what,
  unit,
  truth,
  measured,
  low: truth,
  high: truth,
  kind: 'exact',
})

/** A percentile that was computed in another way, too. */
export const agrees = (what: string, truth: number, measured: number): Row =>
  between(what, 'ns', truth, measured, [truth * (1 - REFERENCE_SLACK), truth * (1 + REFERENCE_SLACK)])

/** Bounds that hold whatever the machine does. */
export const between = (
  what: string,
  unit: Unit,
  truth: number,
  measured: number,
  [low, high]: readonly [low: number, high: number],
): Row => ({ what, unit, truth, measured, low, high, kind: 'exact' })

/** So near to the truth, on a machine that lets it. */
export const near = (what: string, unit: Unit, truth: number, measured: number, allowed: number): Row => ({
  what,
  unit,
  truth,
  measured,
  low: truth - allowed,
  high: truth + allowed,
  kind: 'timed',
})

/** Rows that do not hold, or else one that counts them all. */
export function failedOr(what: string, rows: readonly Row[]): Row[] {
  const failed = rows.filter((row) => !holds(row))
  return failed.length > 0 ? failed : [exactly(what, rows.length, rows.length)]
}

/** Rows that do not hold, or else the one that came nearest to its limits. */
export function worst(rows: readonly Row[]): Row[] {
  const failed = rows.filter((row) => !holds(row))
  if (failed.length > 0) return failed
  const [first] = rows.toSorted((a, b) => margin(a) - margin(b))
  return first === undefined ? [] : [first]
}

/** How much of what is allowed is left on the nearer side. */
const margin = ({ measured, low, high }: Row): number => Math.min(measured - low, high - measured) / (high - low || 1)
