import { z } from 'zod'
import { ns, nullableNs, trouble, whole } from './schema-words.ts'

const bracket = z.strictObject({ lowerNs: ns, pointNs: ns, upperNs: ns })
const lagEstimate = z.strictObject({
  p50: bracket.nullable(),
  p95: bracket.nullable(),
  p99: bracket.nullable(),
  maxUpperNs: nullableNs,
})
const lagFigures = {
  markers: whole,
  leftCensored: whole,
  rightCensored: whole,
  gaveUp: z.boolean(),
  ackToVisible: lagEstimate,
  sendToVisible: lagEstimate,
  commitToVisible: lagEstimate,
  pollP50Ns: ns,
  pollsPerSecond: z.number(),
  position: z
    .strictObject({
      unit: z.enum(['frames', 'bytes', 'transactions']),
      agreeing: whole,
      compared: whole,
      maxBehind: z.number(),
    })
    .nullable(),
  missedAfterAck: whole,
  wentBack: whole,
  polls: whole,
  staleAfter: z.array(z.strictObject({ tNs: ns, low: z.number(), high: z.number() })),
  traces: z
    .array(z.strictObject({ sentNs: z.array(ns), lowerNs: z.array(nullableNs), upperNs: z.array(nullableNs) }))
    .nullable()
    .default(null),
  samples: z.string(),
}
const writeLoad = z.strictObject({
  offeredPerSecond: z.number(),
  achievedPerSecond: z.number(),
  writes: whole,
  failed: whole,
  writeP50Ns: ns,
})
const readFigures = z.strictObject({ reads: whole, p50Ns: ns, p99Ns: nullableNs, maxNs: ns })

/** Replication lag of one backend. */
export const lag = z.discriminatedUnion('outcome', [
  z.strictObject({ backend: z.string(), outcome: z.literal('none'), reason: z.string() }),
  z.strictObject({ backend: z.string(), outcome: z.literal('skipped'), reason: z.string() }),
  z.strictObject({ backend: z.string(), outcome: z.literal('failed'), ...trouble }),
  z.strictObject({
    backend: z.string(),
    outcome: z.literal('measured'),
    mechanism: z.string(),
    ...lagFigures,
    underLoad: z.strictObject({ ...lagFigures, load: writeLoad }).nullable(),
    ownWrites: z.strictObject({ probes: whole, missed: whole, nextReadP50Ns: ns }).nullable(),
    servedBy: z
      .strictObject({
        replicas: z.array(z.strictObject({ name: z.string(), polls: whole })),
        primaryPolls: whole,
      })
      .exactOptional(),
    reads: z.strictObject({ quiet: readFigures, applying: readFigures.nullable() }),
  }),
])
