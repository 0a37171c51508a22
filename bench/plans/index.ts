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
    rttsNs: [],
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
    rttsNs: [],
  },
}

/**
 * What does distance cost, and how many round trips is an operation? Every backend that can be moved at five distances. Far
 * away a round takes as long as its one operation does, so the time that is asked for is short, and the rounds are six for an interval.
 */
const distance: PlanDefinition = {
  title: 'Round trips an operation, and what distance costs; about four minutes',
  backends: ['better-sqlite3', 'turso-replica', 'postgres-local', 'd1-worker'],
  scenarios: ['point-read', 'n-plus-one', 'bulk-insert', 'transfer'],
  plan: {
    name: 'distance',
    rounds: 6,
    roundNs: 100e6,
    warmUpNs: 20e6,
    scale: 0.2,
    lagMarkers: 0,
    verifySamples: 3,
    durability: 'durable',
    rttsNs: [1e6, 5e6, 20e6, 60e6],
  },
}

export const plans: Readonly<Record<string, PlanDefinition>> = { default: standard, smoke, distance }
