import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Removes what an earlier call left in a folder and this one did not write anew.
 * @param isOurs judges a file of another name by that name and, if it needs to, by its text
 */
export function removeOlder(
  folder: string,
  written: readonly string[],
  isOurs: (name: string, read: () => string) => boolean,
): void {
  for (const one of readdirSync(folder, { withFileTypes: true })) {
    if (!one.isFile() || written.includes(one.name)) continue
    const path = join(folder, one.name)
    if (isOurs(one.name, () => readFileSync(path, 'utf8'))) rmSync(path)
  }
}
