import { existsSync, lstatSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ownContainers } from '../../../adapters/docker/sweep.ts'
import { unmountBelow } from '../../../adapters/servers/fuse.ts'
import { messageOf } from '../../contract/index.ts'
import { isRunning } from '../../contract/owner.ts'
import { ownerOf } from '../../run/owner-file.ts'
import { OWNER_FILE, WORK_PREFIX, workRoot } from '../../run/scope.ts'
import { storedResults } from '../../run/stored-results.ts'

/** What a run has left, or may have. */
export interface Left {
  readonly name: string
  /** Why it stays; null: it can go. */
  readonly kept: string | null
  /** Whether it stays only because nothing could be found out about it. */
  readonly isTrouble?: boolean
  remove(): void | Promise<void>
}

/** All but those of runs that live. */
export async function leftContainers(): Promise<Left[]> {
  return (await ownContainers())
    .filter(({ alive }) => alive !== true)
    .map(({ name, alive, host, remove }) => ({ name, kept: alive === null ? elsewhere(host) : null, remove }))
}

/** Work folders of this user, but those of runs that live. */
export function leftFolders(): Left[] {
  const root = workRoot()
  return readdirSync(root)
    .filter((name) => name.startsWith(WORK_PREFIX))
    .map((name) => join(root, name))
    .filter((folder) => isOwn(folder) && existsSync(join(folder, OWNER_FILE)))
    .flatMap((name) => {
      const remove = async () => {
        await unmountBelow(name)
        rmSync(name, { recursive: true, force: true })
      }
      try {
        const owner = ownerOf(name)
        const isAlive = isRunning(owner)
        if (isAlive === true) return []
        return [{ name, kept: isAlive === null ? elsewhere(owner.host ?? 'another host') : null, remove }]
      } catch (error) {
        const kept = `${OWNER_FILE} cannot be read (${messageOf(error)}); remove it by hand if no sqlatency runs`
        return [{ name, kept, isTrouble: true, remove }]
      }
    })
}

/** Stored runs and comparisons, also those that are being measured. */
export const leftResults = (output: string): Left[] =>
  storedResults(output).map(({ folder, isBusy }) => ({
    name: folder,
    kept: isBusy === false ? null : isBusy === true ? 'it is being measured' : UNSURE,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }))

const UNSURE = 'whether it is still being measured cannot be told here; remove it by hand if not'

/** A link that leads nowhere. */
export const isDangling = (path: string): boolean =>
  lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true && !existsSync(path)

const elsewhere = (host: string): string =>
  `its run was started on ${host}, and \`sqlatency clean\` there can tell whether it lives`

/** Others may have folders there that only they may remove. */
function isOwn(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false })
  return found?.isDirectory() === true && found.uid === (process.getuid?.() ?? found.uid)
}
