import { join } from 'node:path'
import type {
  BackendSpec,
  Plan,
  RowCount,
  Run,
  Scenario,
  ScenarioModule,
  Stage,
  Table,
  Trouble,
} from '../contract/index.ts'
import { rowCount } from '../contract/index.ts'
import type { Answers } from './answers.ts'
import type { ChildJob } from './child.ts'
import { runChild, troubleOf } from './child.ts'
import type { Listener } from './progress.ts'
import type { RunRecord } from './record.ts'
import type { Workplace } from './scope.ts'

/** A run as it was decided: nothing in here is looked up any more. */
export interface RunRequest {
  readonly plan: Plan
  readonly seed: number
  readonly region: string | null
  readonly backends: readonly BackendSpec[]
  readonly scenarios: readonly Scenario[]
  readonly scenarioModules: readonly ScenarioModule[]
  readonly configPath: string | null
  readonly output: string
  readonly pin: boolean
  readonly version: string
  readonly commit: string | null
  readonly project: Run['project']
  /** A stored run that goes on. */
  readonly resume: Run | null
  readonly signal: AbortSignal
  readonly roundTimeoutMs: number
}

/** What every stage is handed. */
export class RunContext {
  readonly request: RunRequest
  readonly place: Workplace
  readonly record: RunRecord
  readonly listen: Listener
  readonly count: RowCount
  readonly tables: readonly Table[]
  /** What the backends answered when they were verified; where several did, they agreed. */
  answers: readonly Answers[] = []
  readonly #leaving = new Set<Promise<unknown>>()

  constructor(request: RunRequest, place: Workplace, record: RunRecord, listen: Listener) {
    this.request = request
    this.place = place
    this.record = record
    this.listen = listen
    place.complain = (error) => listen({ kind: 'clean-up-failed', error })
    this.count = rowCount(request.plan.scale)
    this.tables = [...new Set(request.scenarios.map(({ dataset }) => dataset))].flatMap(({ tables }) => tables)
  }

  /**
   * Work on one backend whose failure is that backend's alone: its cells get the trouble, and the result is null.
   * An interruption is nobody's failure and goes on up.
   */
  async attempt<Result>(
    spec: BackendSpec,
    first: Stage,
    work: (enter: (stage: Stage) => void) => Promise<Result>,
  ): Promise<Result | null> {
    let stage = first
    try {
      const result = await work((entered) => (stage = entered))
      this.request.signal.throwIfAborted()
      return result
    } catch (error) {
      this.request.signal.throwIfAborted()
      this.failBackend(spec, troubleOf(error, stage, { backend: spec.id, directory: this.place.directory }))
      return null
    }
  }

  /** What this machine cannot have is skipped and no failure. */
  failBackend(spec: BackendSpec, trouble: Trouble): void {
    const replicates = spec.adapter.replication !== undefined
    if (trouble.code === 'NOT_AVAILABLE') {
      const reason = `${trouble.message} ${trouble.remedy}`
      this.record.skipBackend(spec.id, reason, replicates)
      this.listen({ kind: 'backend-skipped', backend: spec.id, reason })
      return
    }
    this.record.failBackend(spec.id, trouble, replicates)
    this.listen({ kind: 'backend-failed', backend: spec.id, trouble })
  }

  /** A task in a fresh process, which ends with the run. */
  child<Result>(job: Omit<ChildJob, 'cacheDirectory' | 'signal' | 'leaving'>): Promise<Result> {
    return runChild<Result>({
      ...job,
      cacheDirectory: join(this.place.directory, '_compiled'),
      signal: this.request.signal,
      leaving: this.#leaving,
    })
  }

  /** Settles when no process of a round is left. */
  async alone(): Promise<void> {
    await Promise.all(this.#leaving)
  }
}

export const isNull = ({ adapter }: BackendSpec): boolean => adapter.traits?.includes('null') === true
