import { z } from 'zod'
import { ns, nullableNs, whole } from './schema-words.ts'

/** How operations reach a database, and what an open loop adds to a round and to the estimates of a cell. */
export const load = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('closed'), callers: z.int().min(1) }),
  z.strictObject({
    kind: z.literal('open'),
    ratePerSecond: z.number().positive(),
    arrivals: z.enum(['poisson', 'constant']),
    concurrency: z.int().min(1),
  }),
])
export const sweep = z.strictObject({
  kind: z.literal('sweep'),
  shares: z.array(z.number().positive()),
  arrivals: z.enum(['poisson', 'constant']),
  concurrency: z.int().min(1),
})
export const quantile = z.strictObject({ p: z.number().min(0).max(1), ns: nullableNs })
const boundedQuantile = z.strictObject({ ...quantile.shape, atLeast: z.boolean() })
export const estimateOf = z.strictObject({ valueNs: ns, lowNs: nullableNs, highNs: nullableNs })

export const openRound = z.strictObject({
  offered: whole,
  timetableNs: ns,
  endOfRunNs: ns,
  offeredPerSecond: z.number(),
  achievedPerSecond: z.number(),
  unissued: whole,
  backlog: whole,
  saturated: z.boolean(),
  response: z.array(boundedQuantile),
  wait: z.array(quantile),
  lateness: z.array(quantile),
  waits: z.string(),
  arrivals: z.string(),
})

export const response = z.strictObject({
  offered: whole,
  unissued: whole,
  backlog: whole,
  offeredPerSecond: z.number(),
  achievedPerSecond: z.number(),
  saturated: z.boolean(),
  p50: estimateOf.nullable(),
  quantiles: z.array(boundedQuantile),
  max: boundedQuantile,
  wait: z.array(quantile),
  lateness: z.strictObject({ p50Ns: ns, p99Ns: nullableNs, maxNs: ns }),
})
