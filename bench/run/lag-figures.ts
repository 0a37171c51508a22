import { bracketOf, lagEstimate, staleAfter } from '../analyze/lag.ts'
import { median, quantiles, tooFew } from '../analyze/quantiles.ts'
import type { LagFigures, ReadFigures, Replication, WriteLoad } from '../contract/index.ts'
import type { Sighting, WrittenMarker } from '../measure/lag.ts'
import type { WrittenLoad } from '../measure/write-load.ts'

/** One marker, from both ends. */
export interface Observed {
  readonly written: WrittenMarker
  readonly sighting: Sighting
}

/** What the markers of a phase say. Also where none of them was ever seen. */
export function figuresOf(
  observed: readonly Observed[],
  unit: Replication<unknown>['positionUnit'],
  gaveUp: boolean,
  samples: string,
): LagFigures {
  const brackets = observed.flatMap((one) => bracketOf(relative(one)) ?? [])
  const rightCensored = observed.length - brackets.length
  const sightings = observed.map(({ sighting }) => sighting)
  const polls = sightings.flatMap(({ pollNs }) => pollNs)
  const watchedNs = sightings.reduce((sum, one) => sum + one.watchedNs, 0)
  return {
    markers: observed.length,
    leftCensored: brackets.filter((one) => one.leftCensored).length,
    rightCensored,
    gaveUp,
    ackToVisible: lagEstimate(
      brackets.map((one) => one.ackToVisible),
      rightCensored,
    ),
    sendToVisible: lagEstimate(
      brackets.map((one) => one.sendToVisible),
      rightCensored,
    ),
    commitToVisible: lagEstimate(
      brackets.map((one) => one.commitToVisible),
      rightCensored,
    ),
    pollP50Ns: median(polls),
    pollsPerSecond: (polls.length / watchedNs) * 1e9,
    position: unit === null ? null : positionOf(observed, unit),
    missedAfterAck: observed.filter(
      ({ written, sighting }) => sighting.lastMissStartNs !== null && sighting.lastMissStartNs >= written.writeAckNs,
    ).length,
    wentBack: sightings.reduce((sum, one) => sum + one.wentBack, 0),
    polls: polls.length,
    staleAfter: staleAfter(
      brackets.map((one) => one.ackToVisible),
      rightCensored,
    ),
    samples,
  }
}

/** Nanoseconds from the start of the write. */
function relative({ written, sighting }: Observed) {
  const since = (stamp: bigint): number => Number(stamp - written.writeStartNs)
  return {
    writeStartNs: 0,
    writeAckNs: since(written.writeAckNs),
    // A poll that began before the write was sent could not have seen it: nothing is known from before.
    lastMissStartNs: sighting.lastMissStartNs === null ? null : Math.max(0, since(sighting.lastMissStartNs)),
    firstSightEndNs: sighting.firstSightEndNs === null ? null : since(sighting.firstSightEndNs),
  }
}

function positionOf(
  observed: readonly Observed[],
  unit: NonNullable<LagFigures['position']>['unit'],
): LagFigures['position'] {
  const compared = observed.filter(
    ({ written, sighting }) => written.position !== null && sighting.sightPosition !== null,
  )
  if (compared.length === 0) return null
  return {
    unit,
    agreeing: compared.filter(({ written, sighting }) => sighting.sightPosition! >= written.position!).length,
    compared: compared.length,
    maxBehind: Math.max(
      0,
      ...observed.map(({ written, sighting }) => (written.position ?? 0) - (sighting.lastMissPosition ?? Infinity)),
    ),
  }
}

export function readFigures(readNs: readonly number[]): ReadFigures {
  const [p50Ns, p99Ns, maxNs] = quantiles([Float64Array.from(readNs)], [0.5, 0.99, 1]) as [number, number, number]
  const reads = readNs.length
  return { reads, p50Ns, p99Ns: tooFew(0.99, Infinity, reads) ? null : p99Ns, maxNs }
}

export function loadFigures({ writeNs, failed, durationNs }: WrittenLoad, offeredPerSecond: number): WriteLoad {
  return {
    offeredPerSecond,
    achievedPerSecond: (writeNs.length / durationNs) * 1e9,
    writes: writeNs.length,
    failed,
    writeP50Ns: median(writeNs),
  }
}

/** One marker a line, nanoseconds from the start of its write. */
export function toLine({ written, sighting }: Observed): string {
  const since = (stamp: bigint | null): number | null => (stamp === null ? null : Number(stamp - written.writeStartNs))
  return `${JSON.stringify({
    marker: written.marker,
    ackNs: since(written.writeAckNs),
    lastMissStartNs: since(sighting.lastMissStartNs),
    firstSightEndNs: since(sighting.firstSightEndNs),
    polls: sighting.pollNs.length,
    writePosition: written.position,
    sightPosition: sighting.sightPosition,
  })}\n`
}
