import type { PlanDefinition } from '../contract/index.ts'

const all = ['null', 'better-sqlite3', 'turso-replica', 'postgres-local', 'd1-worker', 'postgres-remote']

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
    lagWritesPerSecond: 0,
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
    lagWritesPerSecond: 0,
    verifySamples: 3,
    durability: 'durable',
  },
}

/** What a replica costs and how old its answers are: each kind of replication beside the one copy that it follows. */
const replicas: PlanDefinition = {
  title: 'Replicas: reads, writes and lag, at rest and under writes; a few minutes',
  backends: ['null', 'turso-replica', 'libsql-server-replica', 'turso-sync', 'postgres-standby', 'postgres-local'],
  scenarios: ['point-read', 'latest-posts', 'insert', 'read-mostly'],
  plan: { ...standard.plan, name: 'replicas', lagWritesPerSecond: 200 },
}

export const plans: Readonly<Record<string, PlanDefinition>> = { default: standard, smoke, replicas }
