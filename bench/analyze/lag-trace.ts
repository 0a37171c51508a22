import type { MarkerTrace } from '../contract/index.ts'
import type { Marker } from './lag.ts'
import { bracketOf } from './lag.ts'

/** The brackets of the markers of one phase, each with the time at which its write was sent. Both lists in time order. */
export function traceOf(sentNs: readonly number[], markers: readonly Marker[]): MarkerTrace {
  const brackets = markers.map(bracketOf)
  const [firstNs = 0] = sentNs
  return {
    sentNs: sentNs.map((ns) => ns - firstNs),
    lowerNs: brackets.map((bracket, n) => {
      const { lastMissStartNs, writeAckNs } = markers[n]!
      if (lastMissStartNs === null) return null
      return bracket?.ackToVisible.lowerNs ?? Math.max(0, lastMissStartNs - writeAckNs)
    }),
    upperNs: brackets.map((bracket) => bracket?.ackToVisible.upperNs ?? null),
  }
}
