import type { LagReader, LagWriter } from '../../contract/index.ts'
import { seededRandom } from '../../contract/index.ts'
import { now } from '../../measure/clock.ts'

/** Memory that the writer's and the reader's thread share: one word a marker in each. Zero: not written yet. */
export interface ReplicaAddress {
  /** When the marker was committed, nanoseconds on the clock of the measurement. */
  readonly committedNs: BigInt64Array<SharedArrayBuffer>
  /** When it becomes visible on the replica. */
  readonly visibleNs: BigInt64Array<SharedArrayBuffer>
  readonly seed: number
}

/** Delays from 0.2 to 5 ms, many short and few long. */
const SHORTEST_NS = 200_000
const LONGEST_OVER_SHORTEST = 25
/** A write and a read take up to so long on either side of the instant that counts. */
const WRITE_NS = 60_000
const READ_NS = 10_000

const words = (count: number): BigInt64Array<SharedArrayBuffer> =>
  new BigInt64Array(new SharedArrayBuffer(count * BigInt64Array.BYTES_PER_ELEMENT))

export const openReplica = (markers: number, seed: number): ReplicaAddress => ({
  committedNs: words(markers),
  visibleNs: words(markers),
  seed,
})

/**
 * Commits at one instant, which shows on the replica at a later one. The delay is exact unless this thread was stopped
 * between the two stores for longer than the delay: then there is no single truth, and the marker is written down as one without.
 */
export function replicaWriter({ committedNs, visibleNs, seed }: ReplicaAddress): Promise<LagWriter> {
  const random = seededRandom(seed, 'replica')
  return Promise.resolve({
    write(marker) {
      spin(WRITE_NS * random.real())
      const committed = now()
      const visible = committed + BigInt(Math.round(SHORTEST_NS * LONGEST_OVER_SHORTEST ** random.real()))
      Atomics.store(visibleNs, marker, visible)
      Atomics.store(committedNs, marker, now() < visible ? committed : UNKNOWN)
      spin(WRITE_NS * random.real())
      return Promise.resolve(null)
    },
    close: () => Promise.resolve(),
  })
}

export const UNKNOWN = -1n

/** Reads the clock before the memory: whatever was stored before a marker's instant is then seen from that instant on. */
export function replicaReader({ visibleNs, seed }: ReplicaAddress): Promise<LagReader> {
  const random = seededRandom(seed, 'reader')
  return Promise.resolve({
    poll(marker) {
      spin(READ_NS * random.real())
      const at = now()
      const visible = Atomics.load(visibleNs, marker)
      spin(READ_NS * random.real())
      return Promise.resolve({ visible: visible !== 0n && visible <= at, position: null })
    },
    close: () => Promise.resolve(),
  })
}

function spin(ns: number): void {
  const until = now() + BigInt(Math.round(ns))
  while (now() < until);
}
