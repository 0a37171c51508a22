import type { AsyncOperation, Question } from '../contract/index.ts'
import type { Stamps } from './open-loop.ts'

/** A timer ends up to a millisecond early or late; from here on the event loop is let round instead. */
const NEAR_NS = 2_000_000

/**
 * Issues whatever is due each time that the event loop comes round, so that answers are read in between; it never holds the
 * loop up. Plain timers would be half a millisecond late and would bunch the arrivals that they slept through.
 * @returns how many were issued, when all of those have ended
 */
export function dispatchAsync(
  run: AsyncOperation,
  questions: readonly Question[],
  stamps: Stamps,
  endOfRunNs: number,
  concurrency: number,
  clock: () => number,
): Promise<number> {
  return new Promise((resolve) => new Dispatcher(run, questions, stamps, endOfRunNs, concurrency, clock, resolve).go())
}

class Dispatcher {
  readonly #run: AsyncOperation
  readonly #questions: readonly Question[]
  readonly #stamps: Stamps
  readonly #endOfRunNs: number
  readonly #clock: () => number
  readonly #finish: (issued: number) => void
  /** Free places, a stack. */
  readonly #free: Int32Array
  #freePlaces: number
  /** Which operation has a place. */
  readonly #holder: Int32Array
  /** What to do when the operation in a place ends: made once, so that issuing makes none. */
  readonly #succeed: (() => void)[]
  readonly #fail: ((error: unknown) => void)[]
  readonly #tick = (): void => this.go()
  #next = 0
  #isOver = false

  constructor(
    run: AsyncOperation,
    questions: readonly Question[],
    stamps: Stamps,
    endOfRunNs: number,
    concurrency: number,
    clock: () => number,
    finish: (issued: number) => void,
  ) {
    this.#run = run
    this.#questions = questions
    this.#stamps = stamps
    this.#endOfRunNs = endOfRunNs
    this.#clock = clock
    this.#finish = finish
    this.#free = Int32Array.from({ length: concurrency }, (_, place) => place)
    this.#freePlaces = concurrency
    this.#holder = new Int32Array(concurrency)
    this.#succeed = Array.from({ length: concurrency }, (_, place) => () => this.#end(place))
    this.#fail = Array.from({ length: concurrency }, (_, place) => (error: unknown) => {
      stamps.fail(this.#holder[place]!, error)
      this.#end(place)
    })
  }

  /** Issues what is due and has a place, and comes back for the rest. */
  go(): void {
    const { intendedNs } = this.#stamps
    while (this.#next < intendedNs.length) {
      const atNs = this.#clock()
      if (atNs >= this.#endOfRunNs) break
      const aheadNs = intendedNs[this.#next]! - atNs
      if (aheadNs <= 0 && this.#freePlaces > 0) {
        this.#issue(atNs)
        continue
      }
      // Without a place, the next one to end might be any moment.
      if (aheadNs > NEAR_NS) setTimeout(this.#tick, Math.max(1, Math.floor((aheadNs - NEAR_NS) / 1e6)))
      else setImmediate(this.#tick)
      return
    }
    this.#isOver = true
    this.#finishWhenQuiet()
  }

  #issue(atNs: number): void {
    const n = this.#next
    this.#next += 1
    this.#freePlaces -= 1
    const place = this.#free[this.#freePlaces]!
    this.#holder[place] = n
    this.#stamps.startNs[n] = atNs
    try {
      void this.#run(this.#questions[n % this.#questions.length]!).then(this.#succeed[place], this.#fail[place])
    } catch (error) {
      this.#fail[place]!(error)
    }
  }

  #end(place: number): void {
    this.#stamps.endNs[this.#holder[place]!] = this.#clock()
    this.#free[this.#freePlaces] = place
    this.#freePlaces += 1
    if (this.#isOver) this.#finishWhenQuiet()
  }

  #finishWhenQuiet(): void {
    if (this.#freePlaces === this.#free.length) this.#finish(this.#next)
  }
}
