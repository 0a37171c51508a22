import type { Adapter, Options } from './adapter.ts'
import type { Scenario } from './scenario.ts'

/** A backend is an adapter with options. */
export interface BackendConfig {
  /** Id of a built-in adapter or of one in `adapters`. */
  readonly adapter: string
  readonly title?: string
  readonly options?: Options
}

/** What `sqlatency.config.ts` exports. Everything is optional; flags and `SQLATENCY_*` variables go before it. */
export interface Config {
  /** `default`, `smoke` or `replicas`. */
  readonly plan?: string
  readonly rounds?: number
  /** Time a round measures: `'300ms'`, `'2s'`. */
  readonly duration?: string
  /** Rows of every table times this. */
  readonly scale?: number
  readonly seed?: number
  readonly lagMarkers?: number
  readonly lagWritesPerSecond?: number
  readonly durability?: 'durable' | 'relaxed'
  /** Added to the built-in backends; one of the same id changes the built-in one. */
  readonly backends?: Readonly<Record<string, BackendConfig>>
  /** Ids of the backends to run, when no flag says so. */
  readonly run?: readonly string[]
  readonly adapters?: readonly Adapter[]
  /** Added to the built-in scenarios. */
  readonly scenarios?: readonly Scenario[]
  /** Ids of the scenarios to run, when no flag says so. */
  readonly only?: readonly string[]
  /** Folder for results. */
  readonly output?: string
}

export const defineConfig = (config: Config): Config => config
