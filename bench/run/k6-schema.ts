import { z } from 'zod'
import { quantile } from './load-schema.ts'
import { ns, trouble, whole } from './schema-words.ts'

const place = {
  backend: z.string(),
  scenario: z.string().nullable(),
  target: z.enum(['worker', 'serve']),
}

const cell = z.discriminatedUnion('outcome', [
  z.strictObject({
    ...place,
    outcome: z.literal('measured'),
    offered: whole,
    answered: whole,
    errors: z.array(z.strictObject({ code: z.string(), count: whole })),
    dropped: whole,
    unfinished: whole,
    lost: z.array(z.strictObject({ segment: z.int().min(1), why: z.string() })),
    valid: z.boolean(),
    quantiles: z.array(quantile),
    minNs: ns,
    maxNs: ns,
    samples: z.string(),
  }),
  z.strictObject({ ...place, outcome: z.literal('skipped'), reason: z.string() }),
  z.strictObject({ ...place, outcome: z.literal('failed'), ...trouble }),
  z.strictObject({ ...place, outcome: z.literal('pending') }),
])

export const k6 = z.strictObject({
  version: z.string().nullable(),
  ratePerSecond: z.number().positive(),
  durationNs: ns,
  warmUpNs: ns,
  virtualUsers: z.int().min(1),
  segments: z.int().min(1),
  sessions: z.int().min(1).nullable(),
  cells: z.array(cell),
})
