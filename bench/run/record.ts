import { isContended } from '../analyze/caveats.ts'
import { studyDistance } from '../analyze/distance.ts'
import type { BackendFacts, Cell, K6Cell, K6Place, K6Study, LagCell, Round, Run, Trouble } from '../contract/index.ts'
import { loadKey } from '../contract/index.ts'
import type { ScheduledRound } from './schedule.ts'
import type { Store } from './store.ts'

type Place = Pick<ScheduledRound, 'backend' | 'scenario' | 'load'>
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

  has(place: ScheduledRound): boolean {
    return this.roundOf(place) !== undefined
  }

  /** A round that was there before is put aside: it was measured again. */
  add(place: ScheduledRound, round: Round): void {
    const cell = this.#cells.get(keyOf(place))!
    const { backend, scenario, load } = cell
    const before = this.roundOf(place)
    if (before !== undefined) {
      const aside = { backend, scenario, load, contended: isContended(before), round: before }
      this.#run.repeated = { ...this.#run.repeated, rounds: [...this.#run.repeated.rounds, aside] }
    }
    const rounds = [...roundsOf(cell).filter((one) => one !== before), round]
    this.#cells.set(keyOf(place), { backend, scenario, load, outcome: 'pending', rounds })
    this.#run.spentNs = { ...this.#run.spentNs, measure: this.#run.spentNs.measure + round.measuredNs }
  }

  roundOf({ repetition, ...place }: ScheduledRound): Round | undefined {
    return this.roundsOf(place).find((round) => round.repetition === repetition)
  }

  /** Those of a cell that count. */
  roundsOf(place: Place): readonly Round[] {
    return roundsOf(this.#cells.get(keyOf(place)))
  }

  /** How often a round was measured so far. */
  attempts(place: ScheduledRound): number {
    const aside = this.#run.repeated.rounds.filter(
      (one) => keyOf(one) === keyOf(place) && one.round.repetition === place.repetition,
    )
    return aside.length + (this.has(place) ? 1 : 0)
  }

  /** Whether so many rounds may be measured again; that they may not is written down. */
  mayRepeat(rounds: number): boolean {
    const { repeated } = this.#run
    const isWithin = repeated.rounds.length + rounds <= repeated.limit
    if (!isWithin && repeated.limit > 0) this.#run.repeated = { ...repeated, limitReached: true }
    return isWithin
  }

  failCell(place: Place, trouble: Trouble): void {
    const cell = this.#cells.get(keyOf(place))!
    const { backend, scenario, load } = cell
    this.#cells.set(keyOf(place), { backend, scenario, load, outcome: 'failed', rounds: roundsOf(cell), ...trouble })
  }

  /** What a backend cannot do is no failure. */
  skipCell(place: Place, reason: string): void {
    const { backend, scenario, load } = place
    this.#cells.set(keyOf(place), { backend, scenario, load, outcome: 'skipped', reason })
  }

  /** Cells that are planned when others have been measured. */
  addCells(cells: readonly Cell[]): void {
    for (const cell of cells) this.#cells.set(keyOf(cell), cell)
  }

  /** All cells of a backend that are not done fail with it, and so does its lag. */
  failBackend(backend: string, trouble: Trouble, replicates: boolean): void {
    for (const cell of this.#open()) if (cell.backend === backend) this.failCell(cell, trouble)
    this.#concludeLag({ backend, outcome: 'failed', ...trouble }, replicates)
    this.#concludeK6(backend, { outcome: 'failed', ...trouble })
  }

  skipBackend(backend: string, reason: string, replicates: boolean): void {
    for (const { scenario, load, ...cell } of this.#open()) {
      if (cell.backend !== backend) continue
      this.#cells.set(keyOf({ backend, scenario, load }), { backend, scenario, load, outcome: 'skipped', reason })
    }
    this.#concludeLag({ backend, outcome: 'skipped', reason }, replicates)
    this.#concludeK6(backend, { outcome: 'skipped', reason })
  }

  /** What is not done of a backend that k6 was to look at. */
  #concludeK6(backend: string, how: { outcome: 'skipped'; reason: string } | ({ outcome: 'failed' } & Trouble)): void {
    for (const cell of this.#run.k6?.cells ?? []) {
      if (cell.backend !== backend || cell.outcome !== 'pending') continue
      this.addK6({ backend, scenario: cell.scenario, target: cell.target, ...how })
    }
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

  beginK6(study: K6Study): void {
    this.#run.k6 = study
  }

  addK6(cell: K6Cell): void {
    const study = this.#run.k6!
    this.#run.k6 = { ...study, cells: study.cells.map((one) => (isSamePlace(one, cell) ? cell : one)) }
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
      this.#run.lag.some((lag) => lag.outcome === 'failed') ||
      this.#run.k6?.cells.some(({ outcome }) => outcome === 'failed' || outcome === 'pending') === true
    const status = wanted === 'complete' && missing ? 'partial' : wanted
    this.#run.status = status
    this.#run.distance = studyDistance(this.run)
    this.#run.finishedAt = new Date().toISOString()
    this.#run.spentNs = { ...this.#run.spentNs, analyze: this.#run.spentNs.analyze + (performance.now() - start) * 1e6 }
    this.save()
    this.store.pointLatest()
    return status
  }
}

const isSamePlace = (a: K6Place, b: K6Place): boolean => a.backend === b.backend && a.scenario === b.scenario

const keyOf = ({ backend, scenario, load }: Place): string => `${backend}\n${scenario}\n${loadKey(load)}`

const roundsOf = (cell: Cell | undefined): readonly Round[] =>
  cell === undefined || cell.outcome === 'skipped' ? [] : cell.rounds
