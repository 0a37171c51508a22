import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { toSqlatencyError } from '../contract/index.ts'

/**
 * Readers see the old content or the new, never half of it.
 * @throws SqlatencyError STORAGE_FULL when the disk is full; the old content is still there then
 */
export function writeAtomically(path: string, content: string | Buffer): void {
  const partial = `${path}.${process.pid}.partial`
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(partial, content)
    renameSync(partial, path)
  } catch (error) {
    rmSync(partial, { force: true })
    throw toSqlatencyError(error, { directory: dirname(path) })
  }
}
