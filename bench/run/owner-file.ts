import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Owner } from '../contract/owner.ts'
import { OWNER_FILE } from './scope.ts'

const owner = z.object({ pid: z.int().positive(), start: z.string().optional(), host: z.string().optional() })

/**
 * The process that a folder belongs to.
 * @throws Error where nothing readable says so
 */
export function ownerOf(folder: string): Owner {
  const { data } = owner.safeParse(JSON.parse(readFileSync(join(folder, OWNER_FILE), 'utf8')))
  if (data === undefined) throw new Error('it names no process')
  return data
}
