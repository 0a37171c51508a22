import { z } from 'zod'
import { ns, nullableNs } from './schema-words.ts'

export const emulator = z.enum(['netem', 'tun', 'relay'])
export const untruth = z.enum(['connect-early', 'no-slow-start', 'no-loss', 'no-jitter', 'no-bandwidth-limit'])

const law = { backend: z.string(), scenario: z.string() }

/** The law of distance, of a run that measured several. */
export const distance = z.strictObject({
  laws: z.array(
    z.discriminatedUnion('outcome', [
      z.strictObject({
        ...law,
        outcome: z.literal('fitted'),
        roundTrips: z.strictObject({ value: z.number(), low: z.number().nullable(), high: z.number().nullable() }),
        baseNs: z.number(),
        fitError: z.number(),
        leftOutError: z.number().nullable(),
        points: z.array(
          z.strictObject({
            backend: z.string(),
            requestedRttNs: ns,
            rttNs: ns,
            p50Ns: ns,
            lowNs: nullableNs.default(null),
            highNs: nullableNs.default(null),
            fittedNs: z.number(),
            predictedNs: z.number().nullable(),
          }),
        ),
      }),
      z.strictObject({ ...law, outcome: z.literal('constant'), baseNs: ns }),
      z.strictObject({ ...law, outcome: z.literal('none'), reason: z.enum(['given', 'too-few']) }),
    ]),
  ),
  crossings: z.array(
    z.strictObject({ scenario: z.string(), fasterNear: z.string(), fasterFar: z.string(), rttNs: ns }),
  ),
  emulators: z.array(emulator),
  untrue: z.array(untruth),
})
