import { z } from 'zod'
import type { Run } from '../contract/index.ts'
import { lag } from './lag-schema.ts'
import { cpus, durability, ns, nullableNs, scalar, trouble, whole } from './schema-words.ts'

const round = z.strictObject({
  repetition: whole,
  order: whole,
  startedAt: z.iso.datetime(),
  connectNs: ns,
  warmUp: z.strictObject({ operations: whole, durationNs: ns }),
  operations: whole,
  measuredNs: ns,
  p50Ns: ns,
  p99Ns: nullableNs,
  maxNs: ns,
  errors: z.array(z.strictObject({ code: z.string(), count: whole })),
  samples: z.string(),
  durability: durability.nullable(),
  witnesses: z.strictObject({
    runqueueWaitNs: nullableNs,
    involuntarySwitches: whole,
    stealTicks: whole.nullable(),
    load1: z.number(),
    gcCount: whole,
    gcNs: ns,
  }),
})

const estimates = z.strictObject({
  operations: whole,
  rounds: whole,
  errors: whole,
  p50: z.strictObject({ valueNs: ns, lowNs: nullableNs, highNs: nullableNs }),
  quantiles: z.array(z.strictObject({ p: z.number().min(0).max(1), ns: nullableNs })),
  meanNs: ns,
  minNs: ns,
  maxNs: ns,
  operationsPerSecond: z.number(),
  roundSpread: z.number(),
  histogram: z.strictObject({ firstBin: z.int(), counts: z.array(whole) }),
})

const place = {
  backend: z.string(),
  scenario: z.string(),
  load: z.strictObject({ kind: z.literal('closed'), callers: whole }),
}

const cell = z.discriminatedUnion('outcome', [
  z.strictObject({ ...place, outcome: z.literal('measured'), rounds: z.array(round), estimates }),
  z.strictObject({ ...place, outcome: z.literal('skipped'), reason: z.string() }),
  z.strictObject({ ...place, outcome: z.literal('failed'), rounds: z.array(round), ...trouble }),
  z.strictObject({ ...place, outcome: z.literal('pending'), rounds: z.array(round) }),
])

const backend = z.strictObject({
  id: z.string(),
  title: z.string(),
  adapter: z.string(),
  dialect: z.enum(['sqlite', 'postgres']),
  reach: z.enum(['in-process', 'same-host', 'network']),
  traits: z.array(z.enum(['simulator', 'replica', 'null'])),
  options: z.record(z.string(), scalar),
  distance: z
    .strictObject({ emulator: z.literal('relay'), requestedRttNs: ns, measuredRttNs: ns, echoes: whole })
    .nullable(),
  servers: z.array(z.strictObject({ name: z.string(), version: z.string(), cpus })),
  external: z.boolean(),
  session: z
    .strictObject({ durability, settings: z.record(z.string(), scalar), versions: z.record(z.string(), z.string()) })
    .nullable(),
})

/**
 * The form of run.json, once more as data: it checks what is read from disk and is published as reports/run.schema.json.
 * The compiler holds it to the type.
 */
export const runSchema = z.strictObject({
  schema: z.literal(1),
  id: z.string(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  status: z.enum(['running', 'complete', 'partial', 'interrupted']),
  harness: z.strictObject({ version: z.string(), commit: z.string().nullable() }),
  plan: z.strictObject({
    name: z.string(),
    rounds: whole,
    roundNs: ns,
    warmUpNs: ns,
    scale: z.number(),
    lagMarkers: whole,
    lagWritesPerSecond: z.number().min(0),
    verifySamples: whole,
    durability: z.enum(['durable', 'relaxed']),
  }),
  seed: z.int(),
  host: z.strictObject({
    os: z.string(),
    kernel: z.string(),
    arch: z.string(),
    cpu: z.string(),
    cores: whole,
    memoryBytes: whole,
    node: z.string(),
    virtualization: z.string(),
    storage: z.strictObject({ filesystem: z.string(), fdatasyncP50Ns: nullableNs }),
  }),
  placement: z.strictObject({ clientCpus: cpus, serverCpus: cpus }),
  clock: z.strictObject({ name: z.string(), readNs: ns }),
  datasets: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      hash: z.string(),
      tables: z.array(z.strictObject({ name: z.string(), rows: whole })),
    }),
  ),
  scenarios: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      why: z.string(),
      kind: z.enum(['read', 'write', 'mixed']),
      shape: z.enum(['single', 'batch', 'flow', 'mix']),
      dataset: z.string(),
      statements: z.strictObject({ sqlite: z.array(z.string()), postgres: z.array(z.string()) }),
      answers: z.string().nullable(),
    }),
  ),
  backends: z.array(backend),
  cells: z.array(cell),
  lag: z.array(lag),
  spentNs: z.strictObject({ setUp: ns, verify: ns, rounds: ns, measure: ns, lag: ns, analyze: ns }),
}) satisfies z.ZodType<Run>

/** JSON Schema, draft 2020-12. */
export function runJsonSchema(): object {
  return {
    title: 'A run of sqlatency, schema 1. Durations are nanoseconds.',
    ...z.toJSONSchema(runSchema, { reused: 'ref' }),
  }
}
