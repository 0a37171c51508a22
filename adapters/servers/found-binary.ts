import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { SqlatencyError } from '../../bench/contract/index.ts'

/**
 * A program that npm does not bring: named by a variable, else on the PATH.
 * @throws SqlatencyError NOT_AVAILABLE, which skips the backend
 */
export function foundBinary(name: string, variable: string, remedy: string): string {
  const named = process.env[variable]
  const candidates =
    named === undefined || named === ''
      ? (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name))
      : [named]
  const found = candidates.find((path) => existsSync(path))
  if (found !== undefined) return found
  const where = named === undefined || named === '' ? 'on the PATH' : `where ${variable} says`
  throw new SqlatencyError('NOT_AVAILABLE', `There is no ${name} ${where}.`, { remedy })
}
