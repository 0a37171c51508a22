import type { Dialect, Question, Rows, Scenario, Session } from '../contract/index.ts'
import { compileScenario, compileSync, SqlatencyError } from '../contract/index.ts'

export interface PoolOptions {
  open(): Session | Promise<Session>
  readonly scenarios: readonly Scenario[]
  readonly dialect: Dialect
  /** Most sessions at once. Each is opened when it is needed first, and kept. */
  readonly sessions: number
}

type Run = (question: Question) => Rows | Promise<Rows>

/** A session with what was compiled for it. */
interface Place {
  readonly session: Session
  readonly operations: Map<string, Run>
}

/**
 * Sessions of a backend, as an application keeps them: an operation has one for itself, and waits for the next that is free.
 * Two on one session would mix their transactions up. One whose connection is lost is replaced.
 */
export class Pool {
  readonly #options: PoolOptions
  readonly #scenarios: ReadonlyMap<string, Scenario>
  readonly #opening = new Set<Promise<Place>>()
  readonly #places = new Set<Place>()
  readonly #free: Place[] = []
  readonly #waiting: PromiseWithResolvers<Place>[] = []
  #isClosed = false

  constructor(options: PoolOptions) {
    this.#options = options
    this.#scenarios = new Map(options.scenarios.map((scenario) => [scenario.id, scenario]))
  }

  operation(id: string): ((question: Question) => Promise<Rows>) | undefined {
    const scenario = this.#scenarios.get(id)
    return scenario === undefined
      ? undefined
      : (question) => this.#with(async (place) => this.#compiled(place, scenario)(question))
  }

  /** Everything else that is to be done on a session of its own. */
  use<Result>(work: (session: Session) => Result | Promise<Result>): Promise<Result> {
    return this.#with(async ({ session }) => work(session))
  }

  async #with<Result>(work: (place: Place) => Promise<Result>): Promise<Result> {
    const place = await this.#take()
    try {
      return await work(place)
    } finally {
      this.#give(place)
    }
  }

  /** @throws where the pool is closed, also while this waits */
  #take(): Place | Promise<Place> {
    if (this.#isClosed) throw closed()
    for (let free = this.#free.pop(); free !== undefined; free = this.#free.pop()) {
      if (!isLost(free)) return free
      this.#drop(free)
    }
    if (this.#places.size + this.#opening.size < this.#options.sessions) return this.#open()
    const waiting = Promise.withResolvers<Place>()
    this.#waiting.push(waiting)
    return waiting.promise
  }

  #open(): Promise<Place> {
    const opening = this.#connect().then(
      (place) => {
        this.#opening.delete(opening)
        this.#places.add(place)
        return place
      },
      (error: unknown) => {
        this.#opening.delete(opening)
        this.#openForNext()
        throw error
      },
    )
    this.#opening.add(opening)
    return opening
  }

  async #connect(): Promise<Place> {
    return { session: await this.#options.open(), operations: new Map() }
  }

  /** Who waits longest gets what another one left, and hears itself why it could not be had. */
  #openForNext(): void {
    this.#waiting.shift()?.resolve(this.#open())
  }

  #give(place: Place): void {
    if (isLost(place)) {
      this.#drop(place)
      this.#openForNext()
      return
    }
    const next = this.#waiting.shift()
    if (next === undefined) this.#free.push(place)
    else next.resolve(place)
  }

  #drop(place: Place): void {
    // Nobody is left at the other end to say goodbye to.
    if (this.#places.delete(place)) void Promise.resolve(place.session.close()).catch(() => undefined)
  }

  #compiled({ session, operations }: Place, scenario: Scenario): Run {
    const known = operations.get(scenario.id)
    if (known !== undefined) return known
    const run =
      session.mode === 'sync'
        ? compileSync(scenario.work, session, this.#options.dialect)
        : compileScenario(scenario, session, this.#options.dialect)
    operations.set(scenario.id, run)
    return run
  }

  /** Waits until every session sees what was written by it. */
  async catchUp(): Promise<void> {
    await Promise.all(this.#opening)
    for (const place of this.#places)
      if (place.session.mode === 'async' && !isLost(place)) await place.session.catchUp?.()
  }

  /** Those who wait are refused, and nothing is opened any more. */
  async close(): Promise<void> {
    this.#isClosed = true
    for (const { reject } of this.#waiting.splice(0)) reject(closed())
    await Promise.allSettled(this.#opening)
    const places = [...this.#places]
    this.#places.clear()
    const ends = await Promise.allSettled(places.map(async ({ session }) => session.close()))
    for (const end of ends) if (end.status === 'rejected') throw end.reason
  }
}

const isLost = ({ session }: Place): boolean => session.mode === 'async' && session.isLost?.() === true

const closed = (): SqlatencyError => new SqlatencyError('UNREACHABLE', 'The sessions of this backend are closed.')
