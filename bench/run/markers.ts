import type { Marker } from '../analyze/lag.ts'
import type { Sighting, WrittenMarker } from '../measure/lag.ts'

/** One marker, from both ends. */
export interface Observed {
  readonly written: WrittenMarker
  readonly sighting: Sighting
}

/** One marker as it is stored, a line each: nanoseconds from the start of its write. */
export interface MarkerLine {
  readonly marker: number
  readonly ackNs: number
  readonly lastMissStartNs: number | null
  readonly firstSightEndNs: number | null
  readonly polls: number
  readonly writePosition: number | null
  readonly sightPosition: number | null
}

export function markerLine({ written, sighting }: Observed): MarkerLine {
  const since = (stamp: bigint): number => Number(stamp - written.writeStartNs)
  return {
    marker: written.marker,
    ackNs: since(written.writeAckNs),
    lastMissStartNs: sighting.lastMissStartNs === null ? null : since(sighting.lastMissStartNs),
    firstSightEndNs: sighting.firstSightEndNs === null ? null : since(sighting.firstSightEndNs),
    polls: sighting.pollNs.length,
    writePosition: written.position,
    sightPosition: sighting.sightPosition,
  }
}

export const readMarker = ({ ackNs, lastMissStartNs, firstSightEndNs }: MarkerLine): Marker => ({
  writeStartNs: 0,
  writeAckNs: ackNs,
  // A poll that began before the write was sent could not have seen it: nothing is known from before.
  lastMissStartNs: lastMissStartNs === null ? null : Math.max(0, lastMissStartNs),
  firstSightEndNs,
})
