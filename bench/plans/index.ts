import type { PlanDefinition } from '../contract/index.ts'
import { builtInBackends } from './backends.ts'

const all = Object.keys(builtInBackends)

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

export const plans: Readonly<Record<string, PlanDefinition>> = { default: standard, smoke, compare }
