import type { Bracket, LagEstimate, LagFigures } from '../contract/index.ts'
import { highestRankOf, quantiles, tooFew } from './quantiles.ts'

/** What was observed of one marker, nanoseconds on one clock. */
export interface Marker {
  readonly writeStartNs: number
  readonly writeAckNs: number
  /** Start of the last poll that did not see it; null when the first poll saw it. */
  readonly lastMissStartNs: number | null
  /** End of the first poll that saw it; null when none did in time. */
  readonly firstSightEndNs: number | null
}

/** For each quantity, the truth lies between lower and upper, whatever the gap between polls. */
export interface MarkerBracket {
  readonly ackToVisible: Bracket
  readonly sendToVisible: Bracket
  readonly commitToVisible: Bracket
  /** Seen by the first poll: only the upper bounds say anything. */
  readonly leftCensored: boolean
}

/**
 * The brackets of one marker. The snapshot of a read lies somewhere within the read, so the marker became visible
 * after the last miss began and before the first sight ended; the commit lies somewhere within the write.
 * The usual "seen - acknowledged" is biased by half the gap between polls plus a read.
 * @returns null for a marker that was never seen (right-censored)
 */
export function bracketOf(marker: Marker): MarkerBracket | null {
  const { writeStartNs, writeAckNs, lastMissStartNs, firstSightEndNs } = marker
  if (firstSightEndNs === null) return null
  const missNs = lastMissStartNs ?? writeStartNs
  const since = (early: number, late: number): Bracket => ({
    lowerNs: Math.max(0, missNs - late),
    pointNs: Math.max(0, (missNs + firstSightEndNs) / 2 - (early + late) / 2),
    upperNs: Math.max(0, firstSightEndNs - early),
  })
  return {
    ackToVisible: since(writeAckNs, writeAckNs),
    sendToVisible: since(writeStartNs, writeStartNs),
    commitToVisible: since(writeStartNs, writeAckNs),
    leftCensored: lastMissStartNs === null,
  }
}

/** What follows from the markers alone, in any order. */
export type MarkerFigures = Pick<
  LagFigures,
  | 'markers'
  | 'leftCensored'
  | 'rightCensored'
  | 'ackToVisible'
  | 'sendToVisible'
  | 'commitToVisible'
  | 'missedAfterAck'
  | 'staleAfter'
>

/** Also where none of them was ever seen. */
export function markerFigures(markers: readonly Marker[]): MarkerFigures {
  const brackets = markers.map(bracketOf).filter((one) => one !== null)
  const rightCensored = markers.length - brackets.length
  const estimate = (quantity: Exclude<keyof MarkerBracket, 'leftCensored'>): LagEstimate =>
    lagEstimate(
      brackets.map((one) => one[quantity]),
      rightCensored,
    )
  return {
    markers: markers.length,
    leftCensored: brackets.filter((one) => one.leftCensored).length,
    rightCensored,
    ackToVisible: estimate('ackToVisible'),
    sendToVisible: estimate('sendToVisible'),
    commitToVisible: estimate('commitToVisible'),
    missedAfterAck: markers.filter(
      ({ lastMissStartNs, writeAckNs }) => lastMissStartNs !== null && lastMissStartNs >= writeAckNs,
    ).length,
    staleAfter: staleAfter(
      brackets.map((one) => one.ackToVisible),
      rightCensored,
    ),
  }
}

/**
 * Quantiles of each bound on its own: the quantile of the truth lies between them, because the bounds order pointwise.
 * A marker that was never seen took longer than every other: it keeps its rank, and a quantile that depends on it is unknown.
 */
export function lagEstimate(brackets: readonly Bracket[], rightCensored = 0): LagEstimate {
  const total = brackets.length + rightCensored
  const unseen = Array.from({ length: rightCensored }, () => Infinity)
  const at = (p: number): Bracket | null => {
    if (highestRankOf(total, p) >= brackets.length) return null
    const of = (pick: (one: Bracket) => number): number =>
      quantiles([Float64Array.from([...brackets.map(pick), ...unseen])], [p])[0]!
    return { lowerNs: of((one) => one.lowerNs), pointNs: of((one) => one.pointNs), upperNs: of((one) => one.upperNs) }
  }
  const few = (p: number): boolean => (p < 0.99 ? total * (1 - p) < 5 : tooFew(p, total, total))
  return {
    p50: at(0.5),
    p95: few(0.95) ? null : at(0.95),
    p99: few(0.99) ? null : at(0.99),
    maxUpperNs: rightCensored > 0 || brackets.length === 0 ? null : Math.max(...brackets.map((one) => one.upperNs)),
  }
}

/**
 * P(a read that starts t after the acknowledgement misses the write), as an envelope: certainly stale while t is before
 * the lower bound, possibly stale while it is before the upper bound. Markers never seen count as stale throughout.
 */
export function staleAfter(
  brackets: readonly Bracket[],
  rightCensored: number,
  points = 24,
): { tNs: number; low: number; high: number }[] {
  const total = brackets.length + rightCensored
  if (total === 0 || brackets.length === 0) return []
  const lowers = brackets.map((one) => one.lowerNs)
  const uppers = brackets.map((one) => one.upperNs)
  const longest = Math.max(...uppers) * 1.05
  return Array.from({ length: points + 1 }, (_, n) => {
    const tNs = Math.round((longest * n) / points)
    return {
      tNs,
      low: (lowers.filter((lower) => lower > tNs).length + rightCensored) / total,
      high: (uppers.filter((upper) => upper > tNs).length + rightCensored) / total,
    }
  })
}
