import { setImmediate as yieldToEvents, setTimeout as sleep } from 'node:timers/promises'
import type { LagPoll, LagReader, LagWriter, Random } from '../contract/index.ts'
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
  /** Polls that counted, by the name of the replica that answered; empty where replicas have no names. */
  readonly byCopy: ReadonlyMap<string, number>
  /** Polls that do not count and are in no other figure. */
  readonly uncounted: number
  /** False: no poll counted for so long that nothing is known of this marker. */
  readonly answered: boolean
}

/** Longest time without a poll that counts. */
const UNANSWERED_NS = 5e9

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
   * so that polls cannot fall into step with a replica that syncs at intervals. Of several replicas, the one that shows
   * the marker first is told of, and the last miss is its own: that of another one says nothing of it.
   */
  async forMarker(marker: number, gapNs: number, timeoutNs: number): Promise<Sighting> {
    const begun = now()
    const deadline = begun + BigInt(timeoutNs)
    const look = new Look(marker, begun)
    for (;;) {
      const start = now()
      const poll = await this.#reader.poll(marker)
      const end = now()
      const counts = look.take(poll, start, end)
      if (counts) look.wentBack += this.#isBehind(poll.position)
      if (counts && poll.visible) {
        // What was seen once has to be seen again.
        const again = await this.#reader.poll(marker)
        if (again.counts === false) return look.sighting(end, poll.copy, null)
        look.wentBack += Math.max(again.visible ? 0 : 1, this.#isBehind(again.position))
        return look.sighting(end, poll.copy, again.position)
      }
      if (!look.isAnswered(end) || (counts && end > deadline)) return look.unseen(end)
      await pause(gapNs * (0.5 + this.#random.real()))
    }
  }

  /**
   * Reads a marker again and again, until the time is over and a read counted.
   * @returns how long each read that counts took, nanoseconds; none where none counted for long
   */
  async read(marker: number, durationNs: number): Promise<number[]> {
    const readNs: number[] = []
    const begun = now()
    for (let start = begun; ; start = now()) {
      const elapsedNs = Number(start - begun)
      if (elapsedNs >= (readNs.length > 0 ? durationNs : Math.max(durationNs, UNANSWERED_NS))) return readNs
      const { counts = true } = await this.#reader.poll(marker)
      if (counts) readNs.push(Number(now() - start))
      await yieldToEvents()
    }
  }

  #isBehind(position: number | null): number {
    if (position === null) return 0
    const isBehind = position < this.#highest
    this.#highest = Math.max(this.#highest, position)
    return isBehind ? 1 : 0
  }
}

/** What the polls for one marker have shown so far. */
class Look {
  wentBack = 0
  readonly #marker: number
  readonly #begun: bigint
  readonly #pollNs: number[] = []
  readonly #byCopy = new Map<string, number>()
  readonly #misses = new Map<string | undefined, { readonly start: bigint; readonly position: number | null }>()
  #latestCopy: string | undefined
  #uncounted = 0
  #lastCounted: bigint

  constructor(marker: number, begun: bigint) {
    this.#marker = marker
    this.#begun = begun
    this.#lastCounted = begun
  }

  /** @returns whether the poll counts */
  take({ visible, position, counts = true, copy }: LagPoll, start: bigint, end: bigint): boolean {
    if (!counts) {
      this.#uncounted += 1
      return false
    }
    this.#lastCounted = end
    this.#pollNs.push(Number(end - start))
    if (copy !== undefined) this.#byCopy.set(copy, (this.#byCopy.get(copy) ?? 0) + 1)
    if (visible) return true
    this.#misses.set(copy, { start, position })
    this.#latestCopy = copy
    return true
  }

  isAnswered(at: bigint): boolean {
    return Number(at - this.#lastCounted) < UNANSWERED_NS
  }

  sighting(end: bigint, copy: string | undefined, position: number | null): Sighting {
    return { ...this.#told(end, copy), firstSightEndNs: end, sightPosition: position }
  }

  unseen(end: bigint): Sighting {
    return { ...this.#told(end, this.#latestCopy), firstSightEndNs: null, sightPosition: null }
  }

  #told(end: bigint, copy: string | undefined): Omit<Sighting, 'firstSightEndNs' | 'sightPosition'> {
    const miss = this.#misses.get(copy)
    return {
      marker: this.#marker,
      lastMissStartNs: miss?.start ?? null,
      lastMissPosition: miss?.position ?? null,
      pollNs: this.#pollNs,
      watchedNs: Number(end - this.#begun),
      wentBack: this.wentBack,
      byCopy: this.#byCopy,
      uncounted: this.#uncounted,
      answered: this.isAnswered(end),
    }
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
