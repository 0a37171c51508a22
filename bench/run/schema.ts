import { z } from 'zod'
import type { Run } from '../contract/index.ts'
import { distance, emulator, untruth } from './distance-schema.ts'
import { k6 } from './k6-schema.ts'
import { lag } from './lag-schema.ts'
import { estimateOf, load, openRound, quantile, response, sweep } from './load-schema.ts'
import { cpus, durability, ns, nullableNs, scalar, trouble, whole } from './schema-words.ts'

const cause = z.enum(['gc', 'runqueue', 'unexplained'])
const round = z.strictObject({
  repetition: whole,
  order: whole,
  startedAt: z.iso.datetime(),
  connectNs: ns,
  warmUp: z.strictObject({
    operations: whole,
    durationNs: ns,
    transientNs: nullableNs,
    steady: z.boolean().nullable(),
  }),
  operations: whole,
  measuredNs: ns,
  p50Ns: ns,
  p99Ns: nullableNs,
  driftRatio: z.number().min(0).nullable(),
  maxNs: ns,
  errors: z.array(z.strictObject({ code: z.string(), count: whole })),
  samples: z.string(),
  durability: durability.nullable(),
  rttNs: nullableNs.default(null),
  slow: z.strictObject({
    thresholdNs: nullableNs,
    counts: z.strictObject({ gc: whole, runqueue: whole, unexplained: whole }),
    worst: z.array(z.strictObject({ index: whole, offsetNs: ns, durationNs: ns, cause })),
  }),
  witnesses: z.strictObject({
    runqueueWaitNs: nullableNs,
    involuntarySwitches: whole,
    stealTicks: whole.nullable(),
    load1: z.number(),
    gcCount: whole,
    gcNs: ns,
    eventLoop: z.strictObject({ maxNs: ns, sumNs: ns }).nullable(),
  }),
  open: openRound.nullable(),
})

const estimates = z.strictObject({
  operations: whole,
  rounds: whole,
  errors: whole,
  p50: estimateOf,
  quantiles: z.array(quantile),
  opening: z.array(z.strictObject({ nth: whole, estimate: estimateOf })),
  meanNs: ns,
  minNs: ns,
  maxNs: ns,
  operationsPerSecond: z.number(),
  roundSpread: z.number(),
  histogram: z.strictObject({ firstBin: z.int(), counts: z.array(whole) }),
  timeline: z
    .array(
      z.strictObject({
        repetition: whole,
        sliceNs: ns,
        slices: z.array(z.strictObject({ firstBin: whole, counts: z.array(whole) })),
      }),
    )
    .nullable()
    .default(null),
  response: response.nullable(),
})

const place = {
  backend: z.string(),
  scenario: z.string(),
  load,
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
    .strictObject({
      emulator,
      requestedRttNs: ns,
      measuredRttNs: ns,
      directRttNs: ns,
      jitterNs: ns,
      bandwidthBytesPerSecond: z.number().nullable(),
      echoes: whole,
      untrue: z.array(untruth),
    })
    .nullable(),
  movedFrom: z.string().nullable(),
  servers: z.array(
    z.strictObject({
      name: z.string(),
      version: z.string(),
      cpus,
      container: z
        .strictObject({ image: z.string(), imageId: z.string(), road: z.enum(['address', 'port']) })
        .optional(),
    }),
  ),
  external: z.boolean(),
  roundTripNs: nullableNs.default(null),
  session: z
    .strictObject({
      durability,
      settings: z.record(z.string(), scalar),
      versions: z.record(z.string(), z.string()),
      driver: z
        .strictObject({
          preparesEveryCall: z.boolean().optional(),
          readsDoNotSync: z.boolean().optional(),
          writeRoundTrips: z.number().optional(),
        })
        .optional(),
    })
    .nullable(),
})

const machine = {
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
}

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
  project: z.strictObject({ commit: z.string() }).nullable().default(null),
  plan: z.strictObject({
    name: z.string(),
    rounds: whole,
    roundNs: ns,
    warmUpNs: ns,
    warmUpMostNs: ns,
    scale: z.number(),
    lagMarkers: whole,
    lagWritesPerSecond: z.number().min(0),
    verifySamples: whole,
    durability: z.enum(['durable', 'relaxed']),
    repeatShare: z.number().min(0),
    load: z.union([load, sweep]),
    rttsNs: z.array(ns),
  }),
  seed: z.int(),
  region: z.string().nullable(),
  sources: z.array(
    z.strictObject({
      id: z.string(),
      region: z.string().nullable(),
      startedAt: z.iso.datetime(),
      ...machine,
      repetitions: z.strictObject({ first: whole, end: whole }),
    }),
  ),
  ...machine,
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
      start: z.enum(['warm', 'cold', 'connect']),
      dataset: z.string(),
      statements: z.strictObject({ sqlite: z.array(z.string()), postgres: z.array(z.string()) }),
      answers: z.string().nullable(),
    }),
  ),
  backends: z.array(backend),
  cells: z.array(cell),
  lag: z.array(lag),
  repeated: z.strictObject({
    limit: whole,
    limitReached: z.boolean(),
    rounds: z.array(z.strictObject({ backend: z.string(), scenario: z.string(), load, contended: z.boolean(), round })),
  }),
  distance: distance.nullable(),
  k6: k6.nullable().default(null),
  spentNs: z.strictObject({ setUp: ns, verify: ns, rounds: ns, measure: ns, lag: ns, analyze: ns }),
}) satisfies z.ZodType<Run>

/** JSON Schema, draft 2020-12. */
export function runJsonSchema(): object {
  return {
    title: 'A run of sqlatency, schema 1. Durations are nanoseconds.',
    ...z.toJSONSchema(runSchema, { reused: 'ref', io: 'input' }),
  }
}
