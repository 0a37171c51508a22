import { readFileSync } from 'node:fs'
import { now } from '../../measure/clock.ts'

/** What each operation certainly took, and what it can have taken at most. */
export interface Bounds {
  readonly lowNs: Float64Array
  readonly highNs: Float64Array
}

/** Words before the stamps. */
const HEAD = 2

/**
 * What the synthetic backend really did, by its own readings of the clock. An operation that was meant to take 20 µs
 * takes 4 ms when the machine is busy, and then 4 ms is the truth. Keeps the newest when there are more than it has room for.
 */
export class Ledger {
  readonly capacity: number
  operations = 0
  readonly #starts: BigInt64Array
  readonly #ends: BigInt64Array
  /** When it was opened, and when it was closed. */
  readonly #life: BigInt64Array

  constructor(capacity: number, words = new BigInt64Array(capacity * 2 + HEAD)) {
    this.capacity = capacity
    this.#life = words.subarray(0, HEAD)
    this.#starts = words.subarray(HEAD, HEAD + capacity)
    this.#ends = words.subarray(HEAD + capacity)
    this.#life[0] ||= now()
  }

  enter(operation: number, start: bigint, end: bigint): void {
    this.#starts[operation % this.capacity] = start
    this.#ends[operation % this.capacity] = end
  }

  close(): void {
    this.#life[1] = now()
  }

  startOf(operation: number): bigint {
    if (operation >= this.operations) return this.#life[1]!
    return this.#starts[operation % this.capacity]!
  }

  endOf(operation: number): bigint {
    return operation < 0 ? this.#life[0]! : this.#ends[operation % this.capacity]!
  }

  /** Time inside the backend, of `count` operations from one on: the service times. */
  serviceNs(from: number, count: number): Float64Array {
    return Float64Array.from({ length: count }, (_, n) => Number(this.endOf(from + n) - this.startOf(from + n)))
  }

  /**
   * A caller that asks one question after another sees at least the time inside the backend, and at most the time from
   * the end of the answer before to the start of the question after. Both are exact however often either is interrupted.
   */
  bounds(from: number, count: number): Bounds {
    const most = (n: number): number => Number(this.startOf(n + 1) - this.endOf(n - 1))
    return {
      lowNs: this.serviceNs(from, count),
      highNs: Float64Array.from({ length: count }, (_, n) => most(from + n)),
    }
  }

  bytes(): Uint8Array {
    const words = new BigInt64Array(1 + HEAD + this.capacity * 2)
    words[0] = BigInt(this.operations)
    words.set(this.#life, 1)
    words.set(this.#starts, 1 + HEAD)
    words.set(this.#ends, 1 + HEAD + this.capacity)
    return new Uint8Array(words.buffer)
  }

  static read(path: string): Ledger {
    const words = new BigInt64Array(new Uint8Array(readFileSync(path)).buffer)
    const ledger = new Ledger((words.length - 1 - HEAD) / 2, words.subarray(1))
    ledger.operations = Number(words[0])
    return ledger
  }
}
