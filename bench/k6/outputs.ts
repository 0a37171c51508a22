import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { messageOf, SqlatencyError } from '../contract/index.ts'
import type { K6Timetable } from './write.ts'

/** How files of a load are named: by its scenario, or, for requests that do nothing, by what no id can be. */
export const fileNameOf = (scenario: string | null): string => scenario ?? '_empty'

const OUTPUT = /^([a-z0-9_-]+)\.[^/]*\.json\.gz$/

/** Files by the names of their loads. */
export function outputsIn(folder: string): ReadonlyMap<string, readonly string[]> {
  const names = readable(folder, () => readdirSync(folder)).toSorted()
  const outputs = new Map<string, string[]>()
  for (const name of names) {
    const scenario = OUTPUT.exec(name)?.[1]
    if (scenario !== undefined) outputs.set(scenario, [...(outputs.get(scenario) ?? []), join(folder, name)])
  }
  if (outputs.size > 0) return outputs
  throw new SqlatencyError('USAGE', `${folder} holds no output of k6, such as point-read.1.json.gz.`)
}

const written = z.object({
  scenarios: z.array(z.string()),
  ratePerSecond: z.int().min(1),
  warmUpIterations: z.int().min(0),
  iterations: z.int().min(1),
  durationMs: z.int().min(1),
  virtualUsers: z.int().min(1),
})

/** What the script in this folder asks, as it was written. */
export function readPlan(folder: string): { readonly scenarios: readonly string[]; readonly timetable: K6Timetable } {
  const path = join(folder, 'plan.json')
  const { success, data } = written.safeParse(readable(path, () => JSON.parse(readFileSync(path, 'utf8')) as unknown))
  if (!success) throw new SqlatencyError('USAGE', `${path} is not what \`sqlatency k6 --script-only\` writes.`)
  const { scenarios, ratePerSecond, warmUpIterations, iterations, durationMs, virtualUsers } = data
  const share = iterations / (warmUpIterations + iterations)
  const durationNs = Math.round(durationMs * share) * 1e6
  return { scenarios, timetable: { ratePerSecond, durationNs, warmUpNs: durationMs * 1e6 - durationNs, virtualUsers } }
}

function readable<Result>(path: string, read: () => Result): Result {
  try {
    return read()
  } catch (error) {
    throw new SqlatencyError('USAGE', `${path} cannot be read: ${messageOf(error)}.`, {}, { cause: error })
  }
}
