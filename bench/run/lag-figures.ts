import { traceOf } from '../analyze/lag-trace.ts'
import { markerFigures } from '../analyze/lag.ts'
import { median, quantiles, tooFew } from '../analyze/quantiles.ts'
import type { LagFigures, ReadFigures, Replication, ServedBy, WriteLoad } from '../contract/index.ts'
import type { WrittenLoad } from '../measure/write-load.ts'
import type { Observed } from './markers.ts'
import { markerLine, readMarker } from './markers.ts'

/** What the markers of a phase say. Also where none of them was ever seen. */
export function figuresOf(
  observed: readonly Observed[],
  unit: Replication<unknown>['positionUnit'],
  gaveUp: boolean,
  samples: string,
): LagFigures {
  const sightings = observed.map(({ sighting }) => sighting)
  const polls = sightings.flatMap(({ pollNs }) => pollNs)
  const watchedNs = sightings.reduce((sum, one) => sum + one.watchedNs, 0)
  const markers = observed.map((one) => readMarker(markerLine(one)))
  const sentNs = observed.map(({ written }) => Number(written.writeStartNs - observed[0]!.written.writeStartNs))
  return {
    ...markerFigures(markers),
    traces: [traceOf(sentNs, markers)],
    gaveUp,
    pollP50Ns: median(polls),
    pollsPerSecond: (polls.length / watchedNs) * 1e9,
    position: unit === null ? null : positionOf(observed, unit),
    wentBack: sightings.reduce((sum, one) => sum + one.wentBack, 0),
    polls: polls.length,
    samples,
  }
}

/** Nothing where every poll was answered by the one replica. */
export function servedBy(observed: readonly Observed[]): { readonly servedBy?: ServedBy } {
  const polls = new Map<string, number>()
  let primaryPolls = 0
  for (const { sighting } of observed) {
    primaryPolls += sighting.uncounted
    for (const [name, count] of sighting.byCopy) polls.set(name, (polls.get(name) ?? 0) + count)
  }
  if (primaryPolls === 0 && polls.size === 0) return {}
  const replicas = [...polls].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, count]) => ({ name, polls: count }))
  return { servedBy: { replicas, primaryPolls } }
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
