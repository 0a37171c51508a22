import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { SideName } from '../contract/index.ts'
import { isRunning } from '../contract/owner.ts'
import { ownerOf } from './owner-file.ts'
import { COMPARE_PREFIX } from './store.ts'

/** A run or a comparison that is stored, of whatever version. */
export interface StoredResult {
  readonly folder: string
  /** Whether it is being measured; null where that cannot be told from here. */
  readonly isBusy: boolean | null
}

/** Of what a run.json or compare.json says, as much as every version says. */
const head = z.object({ id: z.string(), status: z.string().optional() })

const UNFINISHED = new RegExp(`^${COMPARE_PREFIX}\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\dZ-[\\da-f]{4}$`)
const SIDES: readonly string[] = ['base', 'head', 'control'] satisfies SideName[]

/** Newest last. A folder that holds something else is not among them, whatever its name. */
export function storedResults(output: string): StoredResult[] {
  return foldersIn(output).flatMap((name) => {
    const folder = join(output, name)
    if (headOf(folder, 'run.json')?.id === name) return [{ folder, isBusy: isMeasured(folder) }]
    if (headOf(folder, 'compare.json')?.id === name) return [{ folder, isBusy: false }]
    if (!UNFINISHED.test(name) || !readdirSync(folder).every((entry) => SIDES.includes(entry))) return []
    const runs = SIDES.flatMap((side) => foldersIn(join(folder, side)).map((id) => join(folder, side, id)))
    const busy = runs.map(isMeasured)
    return [{ folder, isBusy: busy.includes(true) || (busy.includes(null) ? null : false) }]
  })
}

/** Links are left out, also `latest`. */
function foldersIn(place: string): string[] {
  if (!existsSync(place)) return []
  return readdirSync(place, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted()
}

/** Null: there is no such file, or it is not ours. */
function headOf(folder: string, name: string): z.infer<typeof head> | null {
  try {
    return head.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')))
  } catch {
    return null
  }
}

function isMeasured(run: string): boolean | null {
  if (headOf(run, 'run.json')?.status !== 'running') return false
  try {
    return isRunning(ownerOf(run))
  } catch {
    return null
  }
}
