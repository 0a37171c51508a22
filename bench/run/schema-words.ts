import { z } from 'zod'

/** Forms that several parts of a run share. */
export const ns = z.number().min(0)
export const nullableNs = ns.nullable()
export const whole = z.int().min(0)
export const cpus = z.array(whole).nullable()
export const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()])
export const durability = z.enum(['durable', 'relaxed', 'undeclared'])
export const trouble = {
  stage: z.enum(['provision', 'connect', 'seed', 'verify', 'warm-up', 'measure', 'lag', 'store']),
  code: z.string(),
  message: z.string(),
  remedy: z.string(),
}
