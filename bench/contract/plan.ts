import type { Adapter, Options } from './adapter.ts'
import type { Plan } from './run.ts'

/** A backend that is decided: an adapter, and every one of its options. */
export interface BackendSpec {
  readonly id: string
  readonly title: string
  readonly adapter: Adapter
  readonly options: Options
  /** The backend whose database this is, seen from further away: it comes up after that one, and is not seeded. */
  readonly movedFrom: string | null
}

/** A named matrix: which backends and scenarios, with which budget. */
export interface PlanDefinition {
  readonly plan: Plan
  readonly title: string
  /** Ids of backends. */
  readonly backends: readonly string[]
  /** Ids of scenarios, or all that start warm. */
  readonly scenarios: readonly string[] | 'all'
}
