import type { BackendFacts, Cell, LagCell, Round, Run, Trouble } from '../contract/index.ts'
import type { ScheduledRound } from './schedule.ts'
import type { Store } from './store.ts'

type Place = Pick<ScheduledRound, 'backend' | 'scenario'>
type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] }

/** A run while it is being made. The one place that changes it; everything else reads. */
export class RunRecord {
  readonly store: Store
  readonly #run: Mutable<Run>
  readonly #cells = new Map<string, Cell>()

  private constructor(store: Store, run: Run) {
    this.store = store
    this.#run = { ...run }
    for (const cell of run.cells) this.#cells.set(keyOf(cell), cell)
  }

  static begin(store: Store, run: Run): RunRecord {
    const record = new RunRecord(store, run)
    record.save()
    return record
  }

  /** Opens what a stored run left: rounds are kept, failures are tried again. */
  static resume(store: Store, run: Run): RunRecord {
    const cells = run.cells.map((cell): Cell => {
      if (cell.outcome === 'skipped') return cell
      const { backend, scenario, load, rounds } = cell
      return { backend, scenario, load, outcome: 'pending', rounds }
    })
    return RunRecord.begin(store, {
      ...run,
      cells,
      lag: run.lag.filter((lag) => lag.outcome !== 'failed'),
      status: 'running',
      finishedAt: null,
    })
  }

  get run(): Run {
    return { ...this.#run, cells: [...this.#cells.values()] }
  }

  save(): void {
    this.store.save(this.run)
  }

  /** Cells that still want rounds. */
  #open(): Cell[] {
    return [...this.#cells.values()].filter((cell) => cell.outcome === 'pending')
  }

  isOpen(place: Place): boolean {
    return this.#cells.get(keyOf(place))?.outcome === 'pending'
  }

  has({ repetition, ...place }: ScheduledRound): boolean {
    return roundsOf(this.#cells.get(keyOf(place))).some((round) => round.repetition === repetition)
  }

  add(place: Place, round: Round): void {
    const cell = this.#cells.get(keyOf(place))!
    const { backend, scenario, load } = cell
    this.#cells.set(keyOf(place), { backend, scenario, load, outcome: 'pending', rounds: [...roundsOf(cell), round] })
    this.#run.spentNs = { ...this.#run.spentNs, measure: this.#run.spentNs.measure + round.measuredNs }
  }

  failCell(place: Place, trouble: Trouble): void {
    const cell = this.#cells.get(keyOf(place))!
    const { backend, scenario, load } = cell
    this.#cells.set(keyOf(place), { backend, scenario, load, outcome: 'failed', rounds: roundsOf(cell), ...trouble })
  }

  /** All cells of a backend that are not done fail with it, and so does its lag. */
  failBackend(backend: string, trouble: Trouble, replicates: boolean): void {
    for (const cell of this.#open()) if (cell.backend === backend) this.failCell(cell, trouble)
    this.#concludeLag({ backend, outcome: 'failed', ...trouble }, replicates)
  }

  skipBackend(backend: string, reason: string, replicates: boolean): void {
    for (const { scenario, load, ...cell } of this.#open()) {
      if (cell.backend !== backend) continue
      this.#cells.set(keyOf({ backend, scenario }), { backend, scenario, load, outcome: 'skipped', reason })
    }
    this.#concludeLag({ backend, outcome: 'skipped', reason }, replicates)
  }

  #concludeLag(lag: LagCell, replicates: boolean): void {
    if (replicates && this.#run.plan.lagMarkers > 0 && !this.hasLag(lag.backend)) this.addLag(lag)
  }

  describe(facts: BackendFacts): void {
    this.#run.backends = this.#run.backends.map((one) => (one.id === facts.id ? facts : one))
  }

  agree(digests: ReadonlyMap<string, string>): void {
    this.#run.scenarios = this.#run.scenarios.map((one) => ({ ...one, answers: digests.get(one.id) ?? null }))
  }

  hasLag(backend: string): boolean {
    return this.#run.lag.some((lag) => lag.backend === backend)
  }

  addLag(lag: LagCell): void {
    this.#run.lag = [...this.#run.lag, lag]
  }

  /** Adds the wall time of a stage, also of one that fails. */
  async spend<Result>(stage: keyof Run['spentNs'], work: () => Promise<Result>): Promise<Result> {
    const start = performance.now()
    try {
      return await work()
    } finally {
      this.#run.spentNs = {
        ...this.#run.spentNs,
        [stage]: this.#run.spentNs[stage] + (performance.now() - start) * 1e6,
      }
    }
  }

  /** Closes a run that failed as a whole. Where not even that can be written, what was stored last stays, and can be resumed. */
  tryToFinish(): void {
    try {
      this.finish('partial')
    } catch {
      // The trouble that ended the run is the one to tell.
    }
  }

  /** Estimates every cell that has rounds, and closes the run. */
  finish(wanted: 'complete' | 'partial' | 'interrupted'): 'complete' | 'partial' | 'interrupted' {
    const start = performance.now()
    for (const [key, cell] of this.#cells) this.#cells.set(key, this.store.estimated(cell))
    const missing =
      [...this.#cells.values()].some((cell) => cell.outcome === 'failed' || cell.outcome === 'pending') ||
      this.#run.lag.some((lag) => lag.outcome === 'failed')
    const status = wanted === 'complete' && missing ? 'partial' : wanted
    this.#run.status = status
    this.#run.finishedAt = new Date().toISOString()
    this.#run.spentNs = { ...this.#run.spentNs, analyze: this.#run.spentNs.analyze + (performance.now() - start) * 1e6 }
    this.save()
    this.store.pointLatest()
    return status
  }
}

const keyOf = ({ backend, scenario }: Place): string => `${backend}\n${scenario}`

const roundsOf = (cell: Cell | undefined): readonly Round[] =>
  cell === undefined || cell.outcome === 'skipped' ? [] : cell.rounds
