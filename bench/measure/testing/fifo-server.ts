import type { Rows } from '../../contract/index.ts'
import { stopwatch } from '../clock.ts'
import type { OpenRecording } from '../open-loop.ts'

const NO_ROWS: Rows = []

export interface Stall {
  readonly operationNs: number
  readonly stallNs: number
  /** The first operation that begins from here on has the stall. */
  readonly stallAtNs: number
}

/**
 * One server, first come first served, with one stall: the prototype of the method. It writes down what it spent on each operation
 * since it could have begun, with whatever the machine did to it meanwhile, so that the truth of each response is known
 * without asking the loop.
 */
export class FifoServer {
  readonly #stall: Stall
  readonly #clock = stopwatch()
  // Written into and worked out later: a collection between the last reading here and the loop's own would be nobody's time.
  readonly #calledNs: Float64Array
  readonly #doneNs: Float64Array
  #called = 0
  #done = 0
  #isPast = false
  #last: Promise<unknown> = Promise.resolve()

  constructor(stall: Stall, mostOperations = 100_000) {
    this.#stall = stall
    this.#calledNs = new Float64Array(mostOperations)
    this.#doneNs = new Float64Array(mostOperations)
  }

  get serviceNs(): number[] {
    return Array.from(this.#doneNs.subarray(0, this.#done), (done, n) => {
      return done - Math.max(n === 0 ? 0 : this.#doneNs[n - 1]!, this.#calledNs[n]!)
    })
  }

  readonly sync = (): Rows => {
    const calledNs = this.#clock()
    this.#calledNs[this.#called++] = calledNs
    const untilNs = calledNs + this.#workNs(calledNs)
    while (this.#clock() < untilNs);
    this.#doneNs[this.#done++] = this.#clock()
    return NO_ROWS
  }

  readonly async = (): Promise<Rows> => {
    this.#calledNs[this.#called++] = this.#clock()
    const answer = this.#last.then(async () => {
      const beginNs = this.#clock()
      const untilNs = beginNs + this.#workNs(beginNs)
      while (this.#clock() < untilNs) await new Promise((resolve) => setImmediate(resolve))
      this.#doneNs[this.#done++] = this.#clock()
      return NO_ROWS
    })
    this.#last = answer
    return answer
  }

  #workNs(atNs: number): number {
    const { operationNs, stallNs, stallAtNs } = this.#stall
    if (this.#isPast || atNs < stallAtNs) return operationNs
    this.#isPast = true
    return operationNs + stallNs
  }
}

/**
 * The exact response times of one server: an operation begins when it has arrived and the one before is done. The dispatcher's own
 * lateness, a matter of the machine, is the only thing that is taken from the recording. On a sync session it comes after
 * the one before has ended; otherwise the server may be busy meanwhile.
 */
export function replay(
  { intendedNs, startNs, endNs, concurrency }: OpenRecording,
  serviceNs: readonly number[],
): number[] {
  let freeNs = 0
  return serviceNs.map((service, n) => {
    const due = Math.max(intendedNs[n]!, concurrency === 1 && n > 0 ? endNs[n - 1]! : 0)
    const arrived = concurrency === 1 ? Math.max(intendedNs[n]!, freeNs) : intendedNs[n]!
    freeNs = Math.max(arrived + startNs[n]! - due, freeNs) + service
    return freeNs - intendedNs[n]!
  })
}
