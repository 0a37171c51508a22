import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import shipped from '../../reports/claims/sqlite-on-the-edge.json' with { type: 'json' }
import { openCatalogue } from '../catalogue.ts'
import type { Claim, ClaimMeasure, ClaimUnit } from '../contract/index.ts'
import { messageOf, SqlatencyError } from '../contract/index.ts'
import { checkConfig, findConfig } from './config-file.ts'
import { list } from './flags.ts'
import type { Choices } from './settings.ts'

const text = z.string().min(1)
const texts = z.array(text).min(1)
const trait = z.enum(['simulator', 'replica', 'null'])
const rising = z
  .tuple([z.number().min(0), z.number().min(0)])
  .refine(([low, high]) => low <= high, 'the first number must not be above the second')

const selector = z.strictObject({
  adapters: texts.optional(),
  dialect: z.enum(['sqlite', 'postgres']).optional(),
  reach: z.array(z.enum(['in-process', 'same-host', 'network'])).optional(),
  traits: z.array(trait).optional(),
  without: z.array(trait).optional(),
  deployed: z.boolean().optional(),
  settings: z.record(text, z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])).min(1)).optional(),
  rttMs: rising.optional(),
  emulatedRttMs: rising.optional(),
})

const pair = {
  of: selector,
  to: selector,
  sameAdapter: z.boolean().optional(),
  sameDistance: z.boolean().optional(),
}

const measure = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['p50', 'throughput']), scenario: text, of: selector }),
  z.strictObject({ kind: z.enum(['ratio', 'difference']), scenario: text, ...pair }),
  z.strictObject({ kind: z.literal('round-trips'), scenario: text, of: selector, emulated: z.boolean().optional() }),
  z.strictObject({ kind: z.literal('lag'), from: z.enum(['acknowledgement', 'sending', 'commit']), of: selector }),
  z.strictObject({ kind: z.literal('break-even'), read: text, write: text, ...pair }),
]) satisfies z.ZodType<ClaimMeasure>

const UNITS: Readonly<Record<ClaimMeasure['kind'], ClaimUnit>> = {
  p50: 'ns',
  throughput: 'operations per second',
  ratio: 'ratio',
  difference: 'ns',
  'round-trips': 'round trips',
  lag: 'ns',
  'break-even': 'reads per write',
}

const claimed = z.union([
  z.strictObject({ about: z.number().positive(), factor: z.number().gt(1) }),
  z
    .strictObject({ low: z.number().optional(), high: z.number().optional() })
    .refine(({ low, high }) => low !== undefined || high !== undefined, 'give low, high or both')
    .refine(({ low = -Infinity, high = Infinity }) => low <= high, 'low must not be above high'),
])

const claim = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be kebab-case'),
    text,
    reading: text.optional(),
    unit: z.enum(['ns', 'ratio', 'round trips', 'operations per second', 'reads per write']),
    claimed,
    measure,
  })
  .refine((one) => one.unit === UNITS[one.measure.kind], {
    error: ({ input }) => `is in ${UNITS[(input as { measure: ClaimMeasure }).measure.kind]}`,
    path: ['unit'],
  })

const file = z.strictObject({
  source: z.strictObject({
    title: text,
    publisher: text.optional(),
    url: z
      .string()
      .regex(/^https?:\/\//, 'must begin with http:// or https://')
      .optional(),
    date: text.optional(),
  }),
  claims: z.array(claim).refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'has an id twice'),
})

/** Those that ship with sqlatency. */
export const shippedClaims = (): Claim[] => parseClaims(shipped, 'sqlite-on-the-edge.json')

/** For a command that needs nothing else of the configuration. */
export async function configuredClaims(flags: Pick<Choices, 'config' | 'claims'>): Promise<Claim[]> {
  const path = findConfig(flags.config)
  const { config } = await openCatalogue(path)
  if (path !== null) checkConfig(config, path)
  return claimsOf(flags.claims, { path, claims: config.claims })
}

/**
 * The shipped claims and those of a user: the files that a flag names, else those of the configuration.
 * @throws SqlatencyError CLAIMS_INVALID with the path of the file and the place in it
 */
export function claimsOf(
  flag: string | undefined,
  config: { readonly path: string | null; readonly claims: readonly string[] | undefined },
): Claim[] {
  const folder = config.path === null ? '.' : dirname(config.path)
  const paths = list(flag)?.map((path) => resolve(path)) ?? (config.claims ?? []).map((path) => resolve(folder, path))
  return [...shippedClaims(), ...paths.flatMap(readClaims)]
}

function readClaims(path: string): Claim[] {
  let data: unknown
  try {
    data = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new SqlatencyError(
      'CLAIMS_INVALID',
      `${path} cannot be read as JSON: ${messageOf(error)}.`,
      {},
      { cause: error },
    )
  }
  return parseClaims(data, path)
}

function parseClaims(data: unknown, path: string): Claim[] {
  const { data: parsed, error } = file.safeParse(data)
  if (parsed !== undefined) return parsed.claims.map((one) => ({ ...one, source: parsed.source }))
  const [issue] = error.issues
  const place = issue?.path.join('.') ?? ''
  throw new SqlatencyError(
    'CLAIMS_INVALID',
    `In ${path}, ${place === '' ? 'the file' : place} is wrong: ${issue?.message}.`,
  )
}
