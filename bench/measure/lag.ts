import { setImmediate as yieldToEvents, setTimeout as sleep } from 'node:timers/promises'
import type { LagReader, LagWriter, Random } from '../contract/index.ts'
import { now } from './clock.ts'

/** What one marker showed. The writer fills the first half, the reader the second. */
export interface Sighting {
  readonly marker: number
  readonly lastMissStartNs: bigint | null
  readonly firstSightEndNs: bigint | null
  /** Of the read that saw it again: a server may name the position that it had before it looked. */
  readonly sightPosition: number | null
  /** Where the replica was when it did not yet show the marker. */
  readonly lastMissPosition: number | null
  readonly pollNs: readonly number[]
  /** From the first poll to the end of the last, pauses and all. */
  readonly watchedNs: number
  /** Polls that showed less than an earlier one. */
  readonly wentBack: number
}

export interface WrittenMarker {
  readonly marker: number
  readonly writeStartNs: bigint
  readonly writeAckNs: bigint
  readonly position: number | null
}

/** A reader with a memory: every poll is held against the ones before it. */
export class Watch {
  readonly #reader: LagReader
  readonly #random: Random
  #highest = -Infinity

  constructor(reader: LagReader, random: Random) {
    this.#reader = reader
    this.#random = random
  }

  /**
   * Polls until the marker is seen or the time is over. The gap between polls is jittered by half of itself,
   * so that polls cannot fall into step with a replica that syncs at intervals.
   */
  async forMarker(marker: number, gapNs: number, timeoutNs: number): Promise<Sighting> {
    const begun = now()
    const deadline = begun + BigInt(timeoutNs)
    const pollNs: number[] = []
    let wentBack = 0
    let lastMissStartNs: bigint | null = null
    let lastMissPosition: number | null = null
    for (;;) {
      const start = now()
      const { visible, position } = await this.#reader.poll(marker)
      const end = now()
      pollNs.push(Number(end - start))
      wentBack += this.#isBehind(position)
      if (!visible) [lastMissStartNs, lastMissPosition] = [start, position]
      if (visible || end > deadline) {
        // What was seen once has to be seen again.
        const again = visible ? await this.#reader.poll(marker) : null
        if (again !== null) wentBack += Math.max(again.visible ? 0 : 1, this.#isBehind(again.position))
        const sight = { firstSightEndNs: visible ? end : null, sightPosition: again?.position ?? null }
        return { marker, lastMissStartNs, lastMissPosition, ...sight, pollNs, watchedNs: Number(end - begun), wentBack }
      }
      await pause(gapNs * (0.5 + this.#random.real()))
    }
  }

  /** Reads a marker again and again. @returns how long each read took, nanoseconds */
  async read(marker: number, durationNs: number): Promise<number[]> {
    const readNs: number[] = []
    const deadline = now() + BigInt(durationNs)
    for (let start = now(); start < deadline; start = now()) {
      await this.#reader.poll(marker)
      readNs.push(Number(now() - start))
      await yieldToEvents()
    }
    return readNs
  }

  #isBehind(position: number | null): number {
    if (position === null) return 0
    const isBehind = position < this.#highest
    this.#highest = Math.max(this.#highest, position)
    return isBehind ? 1 : 0
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
