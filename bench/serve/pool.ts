import type { Dialect, Question, Rows, Scenario, Session } from '../contract/index.ts'
import { compileScenario, compileSync } from '../contract/index.ts'

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
 * Two on one session would mix their transactions up.
 */
export class Pool {
  readonly #options: PoolOptions
  readonly #scenarios: ReadonlyMap<string, Scenario>
  readonly #places = new Set<Promise<Place>>()
  readonly #free: Promise<Place>[] = []
  readonly #waiting: ((place: Promise<Place>) => void)[] = []

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
    const { place } = await this.#take()
    try {
      return await work(await place)
    } finally {
      this.#give(place)
    }
  }

  /** Boxed, because a promise that is returned would be awaited, and its failure belongs to who uses it. */
  #take(): Promise<{ place: Promise<Place> }> | { place: Promise<Place> } {
    const free = this.#free.pop()
    if (free !== undefined) return { place: free }
    if (this.#places.size < this.#options.sessions) return { place: this.#open() }
    return new Promise((resolve) => this.#waiting.push((place) => resolve({ place })))
  }

  /** One that could not be opened is forgotten, so that the next operation tries again. */
  #open(): Promise<Place> {
    const place = Promise.resolve(this.#options.open()).then((session) => ({ session, operations: new Map() }))
    this.#places.add(place)
    place.catch(() => this.#places.delete(place))
    return place
  }

  #give(place: Promise<Place>): void {
    const next = this.#waiting.shift()
    if (!this.#places.has(place)) {
      next?.(this.#open())
      return
    }
    if (next === undefined) this.#free.push(place)
    else next(place)
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
    for (const { session } of await Promise.all(this.#places)) if (session.mode === 'async') await session.catchUp?.()
  }

  async close(): Promise<void> {
    const opened = await Promise.allSettled(this.#places)
    this.#places.clear()
    for (const one of opened) if (one.status === 'fulfilled') await one.value.session.close()
  }
}
