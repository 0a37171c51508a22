import type { Adapter, Options } from './adapter.ts'
import type { Arrivals } from './load.ts'
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
  /** `default`, `smoke`, `load`, `cold`, `distance`, `replicas`, `durable` or `relaxed`. */
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
  /** Open loop: operations arrive at this rate a second, whether or not the database keeps up. */
  readonly rate?: number
  /** Open loop at several shares of what each backend can do. */
  readonly sweep?: boolean
  /** Of an open loop; `poisson` unless said. */
  readonly arrivals?: Arrivals
  /** Most operations under way in an open loop; without one, the callers of the closed loop. */
  readonly concurrency?: number
  /** Name of the place that measures: runs of different regions stay apart when they are merged. */
  readonly region?: string
  /** Round trips in milliseconds or by name, at which every backend that can be moved is measured too. */
  readonly distances?: readonly (number | string)[]
  /** Added to the built-in backends; one of the same id changes the built-in one. */
  readonly backends?: Readonly<Record<string, BackendConfig>>
  /** Ids of the backends to run, when no flag says so. */
  readonly run?: readonly string[]
  readonly adapters?: readonly Adapter[]
  /** Added to the built-in scenarios. */
  readonly scenarios?: readonly Scenario[]
  /** Ids of the scenarios to run, when no flag says so. */
  readonly only?: readonly string[]
  /** Files of published claims to hold runs against, beside those that ship with sqlatency. From the folder of the configuration. */
  readonly claims?: readonly string[]
  /** Folder for results. */
  readonly output?: string
}

export const defineConfig = (config: Config): Config => config
