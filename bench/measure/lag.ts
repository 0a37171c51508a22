import { setImmediate as yieldToEvents, setTimeout as sleep } from 'node:timers/promises'
import type { LagReader, LagWriter, Random } from '../contract/index.ts'
import { now } from './clock.ts'

/** What one marker showed. The writer fills the first half, the reader the second. */
export interface Sighting {
  readonly marker: number
  readonly lastMissStartNs: bigint | null
  readonly firstSightEndNs: bigint | null
  readonly sightPosition: number | null
  /** Where the replica was when it did not yet show the marker. */
  readonly lastMissPosition: number | null
  readonly polls: number
  readonly pollNs: readonly number[]
}

export interface WrittenMarker {
  readonly marker: number
  readonly writeStartNs: bigint
  readonly writeAckNs: bigint
  readonly position: number | null
}

/**
 * Polls until the marker is seen or the time is over. The gap between polls is jittered by half of itself,
 * so that polls cannot fall into step with a replica that syncs at intervals.
 */
export async function watchForMarker(
  reader: LagReader,
  marker: number,
  gapNs: number,
  timeoutNs: number,
  random: Random,
): Promise<Sighting> {
  const deadline = now() + BigInt(timeoutNs)
  const pollNs: number[] = []
  let lastMissStartNs: bigint | null = null
  let lastMissPosition: number | null = null
  for (;;) {
    const start = now()
    const { visible, position } = await reader.poll(marker)
    const end = now()
    pollNs.push(Number(end - start))
    if (!visible) [lastMissStartNs, lastMissPosition] = [start, position]
    if (visible || end > deadline) {
      const sight = visible
        ? { firstSightEndNs: end, sightPosition: position }
        : { firstSightEndNs: null, sightPosition: null }
      return { marker, lastMissStartNs, lastMissPosition, ...sight, polls: pollNs.length, pollNs }
    }
    await pause(gapNs * (0.5 + random.real()))
  }
}

/** Timers have a resolution of a millisecond: below it, only let other events through. */
async function pause(ns: number): Promise<void> {
  await (ns < 1e6 ? yieldToEvents() : sleep(ns / 1e6))
}

export async function writeMarker(writer: LagWriter, marker: number): Promise<WrittenMarker> {
  const writeStartNs = now()
  const position = await writer.write(marker)
  return { marker, writeStartNs, writeAckNs: now(), position }
}
