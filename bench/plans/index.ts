import type { PlanDefinition, PlannedLoad } from '../contract/index.ts'
import { ONE_CALLER } from '../contract/index.ts'

const all = ['null', 'better-sqlite3', 'turso-replica', 'postgres-local', 'd1-worker', 'postgres-remote']

/** Operations that may be under way at once in an open loop; it keeps a database that stopped answering from filling the memory. */
export const CONCURRENCY = 1024

/** Five loads from idle to nearly full, as shares of what one caller in a closed loop gets. */
export const SWEEP = {
  kind: 'sweep',
  shares: [0.1, 0.3, 0.5, 0.7, 0.9],
  arrivals: 'poisson',
  concurrency: CONCURRENCY,
} as const satisfies PlannedLoad

/** Five real backends and all scenarios in under six minutes, with six rounds: the fewest that carry a 95 % interval. */
const standard: PlanDefinition = {
  title: 'Every backend and scenario, with intervals; under six minutes',
  backends: all,
  scenarios: 'all',
  plan: {
    name: 'default',
    rounds: 6,
    roundNs: 360e6,
    warmUpNs: 40e6,
    warmUpMostNs: 320e6,
    scale: 1,
    lagMarkers: 120,
    lagWritesPerSecond: 0,
    verifySamples: 3,
    durability: 'durable',
    repeatShare: 0.05,
    load: ONE_CALLER,
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
    warmUpMostNs: 80e6,
    scale: 0.1,
    lagMarkers: 20,
    lagWritesPerSecond: 0,
    verifySamples: 3,
    durability: 'durable',
    repeatShare: 0,
    load: ONE_CALLER,
    rttsNs: [],
  },
}

const WRITES = ['insert', 'update', 'upsert', 'bulk-insert', 'transfer', 'read-mostly']

/** What commits cost in one durability class. Two plans, because figures of two classes must not stand in one ranking. */
const writes = (durability: 'durable' | 'relaxed', title: string): PlanDefinition => ({
  title,
  backends: all,
  scenarios: WRITES,
  plan: { ...standard.plan, name: durability, rounds: 8, roundNs: 500e6, lagMarkers: 0, durability },
})

/** Cold starts measure little and start many processes, so they are no part of the default plan. */
const cold: PlanDefinition = {
  title: 'What the first operations of a fresh process cost; about four minutes',
  backends: all,
  scenarios: ['connect-first', 'first-hundred'],
  plan: { ...standard.plan, name: 'cold', rounds: 20, lagMarkers: 0 },
}

/** From where on do users wait? One read and one write, because each cell is measured six times over. */
const load: PlanDefinition = {
  title: 'Response time as the load grows: a read and a write at five loads; about six minutes',
  backends: all,
  scenarios: ['point-read', 'insert'],
  plan: {
    ...standard.plan,
    name: 'load',
    roundNs: 500e6,
    warmUpMostNs: 120e6,
    lagMarkers: 0,
    repeatShare: 0,
    load: SWEEP,
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
  plan: { ...standard.plan, name: 'compare', rounds: 10, roundNs: 50e6, warmUpMostNs: 120e6, lagMarkers: 0 },
}

/**
 * What does distance cost, and how many round trips is an operation? Every backend that can be moved at five distances. Far
 * away a round takes as long as its one operation does, so the time that is asked for is short, and the rounds are six for an interval.
 */
const distance: PlanDefinition = {
  title: 'Round trips an operation, and what distance costs; about seven minutes',
  backends: ['better-sqlite3', 'turso-replica', 'postgres-local', 'd1-worker'],
  scenarios: ['point-read', 'n-plus-one', 'bulk-insert', 'transfer'],
  plan: {
    ...standard.plan,
    name: 'distance',
    roundNs: 100e6,
    warmUpNs: 20e6,
    warmUpMostNs: 160e6,
    scale: 0.2,
    lagMarkers: 0,
    repeatShare: 0,
    rttsNs: [1e6, 5e6, 20e6, 60e6],
  },
}

/** What a replica costs and how old its answers are: each kind of replication beside the one copy that it follows. */
const replicas: PlanDefinition = {
  title: 'Replicas: reads, writes and lag, at rest and under writes; a few minutes',
  backends: [
    'null',
    'turso-replica',
    'libsql-server-replica',
    'turso-sync',
    'postgres-standby',
    'postgres-logical',
    'hybrid-logical',
    'hybrid-polling',
    'postgres-local',
  ],
  scenarios: ['point-read', 'latest-posts', 'insert', 'read-mostly'],
  plan: { ...standard.plan, name: 'replicas', lagWritesPerSecond: 200 },
}

export const plans: Readonly<Record<string, PlanDefinition>> = {
  default: standard,
  smoke,
  load,
  cold,
  distance,
  replicas,
  durable: writes('durable', 'Writes with fsync at every commit; about three minutes'),
  relaxed: writes('relaxed', 'Writes whose last commits a loss of power may undo; about three minutes'),
  compare,
}
