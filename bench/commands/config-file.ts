import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import type { Config } from '../contract/index.ts'
import { SqlatencyError } from '../contract/index.ts'
import { unknownName } from './flags.ts'

export const CONFIG_NAMES = ['sqlatency.config.ts', 'sqlatency.config.js', 'sqlatency.config.mjs']

/** The configuration that was asked for, else the one in this folder, else none. */
export function findConfig(asked: string | undefined): string | null {
  if (asked !== undefined) return resolve(asked)
  return CONFIG_NAMES.map((name) => resolve(name)).find((path) => existsSync(path)) ?? null
}

const option = z.union([z.string(), z.number(), z.boolean(), z.null()])
const definition = z.custom<object>(
  (value) => typeof value === 'object' && value !== null && 'id' in value,
  'must be made with defineAdapter or defineScenario',
)

const schema = z.strictObject({
  plan: z.string().optional(),
  rounds: z.int().min(1).optional(),
  duration: z.string().optional(),
  scale: z.number().positive().optional(),
  seed: z.int().optional(),
  lagMarkers: z.int().min(0).optional(),
  distances: z.array(z.union([z.number().min(0), z.string()])).optional(),
  lagWritesPerSecond: z.number().min(0).optional(),
  durability: z.enum(['durable', 'relaxed']).optional(),
  rate: z.number().positive().optional(),
  sweep: z.boolean().optional(),
  arrivals: z.enum(['poisson', 'constant']).optional(),
  concurrency: z.int().min(1).optional(),
  region: z.string().optional(),
  backends: z
    .record(
      z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be kebab-case'),
      z.strictObject({
        adapter: z.string(),
        title: z.string().optional(),
        options: z.record(z.string(), option).optional(),
      }),
    )
    .optional(),
  run: z.array(z.string()).optional(),
  only: z.array(z.string()).optional(),
  adapters: z.array(definition).optional(),
  scenarios: z.array(definition).optional(),
  claims: z.array(z.string()).optional(),
  output: z.string().optional(),
})

/** Throws when the configuration holds anything that it should not. */
export function checkConfig(config: Config, file: string): void {
  const { error } = schema.safeParse(config)
  // A misspelt key is also a missing one; the spelling is what helps.
  const issue = error?.issues.find(({ code }) => code === 'unrecognized_keys') ?? error?.issues[0]
  if (issue === undefined) return
  if (issue.code === 'unrecognized_keys') {
    const known = issue.path.length === 0 ? Object.keys(schema.shape) : ['adapter', 'title', 'options']
    const kind = issue.path.length === 0 ? 'setting' : `setting of ${issue.path.join('.')}`
    throw unknownName(kind, issue.keys[0]!, known)
  }
  throw new SqlatencyError('CONFIG_INVALID', `In ${file}, ${issue.path.join('.')} is wrong: ${issue.message}.`, {
    file,
  })
}
