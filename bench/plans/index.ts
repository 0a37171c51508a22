import type { PlanDefinition, PlannedLoad } from '../contract/index.ts'
import { ONE_CALLER } from '../contract/index.ts'
import { builtInBackends } from './backends.ts'

const all = Object.keys(builtInBackends)

/** Operations that may be under way at once in an open loop; it keeps a database that stopped answering from filling the memory. */
export const CONCURRENCY = 1024

/** Five loads from idle to nearly full, as shares of what one caller in a closed loop gets. */
export const SWEEP = {
  kind: 'sweep',
  shares: [0.1, 0.3, 0.5, 0.7, 0.9],
  arrivals: 'poisson',
  concurrency: CONCURRENCY,
} as const satisfies PlannedLoad

/** Five real backends and all scenarios in under five minutes, with six rounds: the fewest that carry a 95 % interval. */
const standard: PlanDefinition = {
  title: 'Every backend and scenario, with intervals; about five minutes',
  backends: all,
  scenarios: 'all',
  plan: {
    name: 'default',
    rounds: 6,
    roundNs: 390e6,
    warmUpNs: 40e6,
    scale: 1,
    lagMarkers: 120,
    verifySamples: 3,
    durability: 'durable',
    load: ONE_CALLER,
  },
}

/** Does everything work? Two short rounds carry no interval, and the report says so. */
const smoke: PlanDefinition = {
  title: 'Does everything work? Few operations, no intervals; under a minute',
  backends: all,
  scenarios: ['point-read', 'latest-posts', 'author-page', 'insert', 'transfer'],
  plan: {
    name: 'smoke',
    rounds: 2,
    roundNs: 60e6,
    warmUpNs: 20e6,
    scale: 0.1,
    lagMarkers: 20,
    verifySamples: 3,
    durability: 'durable',
    load: ONE_CALLER,
  },
}

/**
 * What `compare` measures of each side: many short rounds, because what decides is the number of fresh processes. 50 ms
 * are five times what a quick statement needs in process, and enough for 500 operations of 100 microseconds.
 */
const compare: PlanDefinition = {
  title: 'What `sqlatency compare` measures of each side, unless it is told otherwise',
  backends: ['better-sqlite3'],
  scenarios: 'all',
  plan: { ...standard.plan, name: 'compare', rounds: 10, roundNs: 50e6, lagMarkers: 0 },
}

/** From where on do users wait? One read and one write, because each cell is measured six times over. */
const load: PlanDefinition = {
  title: 'Response time as the load grows: a read and a write at five loads; about six minutes',
  backends: all,
  scenarios: ['point-read', 'insert'],
  plan: {
    name: 'load',
    rounds: 6,
    roundNs: 500e6,
    warmUpNs: 40e6,
    scale: 1,
    lagMarkers: 0,
    verifySamples: 3,
    durability: 'durable',
    load: SWEEP,
  },
}

export const plans: Readonly<Record<string, PlanDefinition>> = { default: standard, smoke, load, compare }
