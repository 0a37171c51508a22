import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { toSqlatencyError } from '../contract/index.ts'

/**
 * Readers see the old content or the new, never half of it.
 * @throws SqlatencyError STORAGE_FULL when the disk is full; the old content is still there then
 */
export function writeAtomically(path: string, content: string | Buffer): void {
  writePiecesAtomically(path, [content])
}

/** The same for what is too large to be in memory whole. */
export function writePiecesAtomically(path: string, pieces: Iterable<string | Uint8Array>): void {
  const partial = `${path}.${process.pid}.partial`
  try {
    mkdirSync(dirname(path), { recursive: true })
    const file = openSync(partial, 'w')
    try {
      for (const piece of pieces) writeFileSync(file, piece)
    } finally {
      closeSync(file)
    }
    renameSync(partial, path)
  } catch (error) {
    // Where the path leads through a file, looking for it throws once more.
    if (existsSync(partial)) rmSync(partial)
    throw toSqlatencyError(error, { directory: dirname(path) })
  }
}
