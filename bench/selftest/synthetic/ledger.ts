import { readFileSync } from 'node:fs'
import { now } from '../../measure/clock.ts'

/** What one operation certainly took, and what it can have taken at most. */
export interface Bounds {
  readonly lowNs: Float64Array
  readonly highNs: Float64Array
}

/**
 * What the synthetic backend really did, by its own readings of the clock. An operation that was meant to take 20 µs
 * takes 4 ms when the machine is busy, and then 4 ms is the truth.
 */
export class Ledger {
  readonly starts: BigInt64Array
  readonly ends: BigInt64Array
  openedNs: bigint
  closedNs = 0n
  operations = 0

  constructor(capacity: number) {
    this.starts = new BigInt64Array(capacity)
    this.ends = new BigInt64Array(capacity)
    this.openedNs = now()
  }

  /** Time inside the backend, of `count` operations from one on: the service times. */
  serviceNs(from: number, count: number): Float64Array {
    return Float64Array.from({ length: count }, (_, n) => Number(this.ends[from + n]! - this.starts[from + n]!))
  }

  /**
   * A caller that asks one question after another sees at least the time inside the backend, and at most the time from
   * the end of the answer before to the start of the question after. Both are exact however often either is interrupted.
   */
  bounds(from: number, count: number): Bounds {
    const before = (n: number): bigint => (n === 0 ? this.openedNs : this.ends[n - 1]!)
    const after = (n: number): bigint => (n + 1 < this.operations ? this.starts[n + 1]! : this.closedNs)
    return {
      lowNs: this.serviceNs(from, count),
      highNs: Float64Array.from({ length: count }, (_, n) => Number(after(from + n) - before(from + n))),
    }
  }

  bytes(): Uint8Array {
    const { operations } = this
    const head = BigInt64Array.of(this.openedNs, this.closedNs, BigInt(operations))
    const parts = [head, this.starts.subarray(0, operations), this.ends.subarray(0, operations)]
    return Buffer.concat(parts.map((part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength)))
  }

  static read(path: string): Ledger {
    const bytes = readFileSync(path)
    const words = new BigInt64Array(new Uint8Array(bytes).buffer)
    const operations = Number(words[2])
    const ledger = new Ledger(operations)
    ledger.openedNs = words[0]!
    ledger.closedNs = words[1]!
    ledger.operations = operations
    ledger.starts.set(words.subarray(3, 3 + operations))
    ledger.ends.set(words.subarray(3 + operations))
    return ledger
  }
}
