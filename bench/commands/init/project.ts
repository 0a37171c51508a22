import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { messageOf, SqlatencyError } from '../../contract/index.ts'
import { repositoryOf } from '../../run/checkout.ts'
import { findConfig } from '../config-file.ts'

/** Packages by which a project tells what database it uses, and the backend that measures one of its kind. */
const USES: readonly (readonly [name: string, backend: string])[] = [
  ['better-sqlite3', 'better-sqlite3'],
  ['@libsql/client', 'turso-replica'],
  ['@tursodatabase/sync', 'turso-sync'],
  ['pg', 'postgres-local'],
  ['wrangler', 'd1-worker'],
]

/** For a project that names none: the two ends of the question, in the process and next door. */
const UNKNOWN = ['better-sqlite3', 'postgres-local'] as const

/** Lock files of others than npm, which the workflow does not speak. */
const OTHER_LOCKS = ['pnpm-lock.yaml', 'yarn.lock', 'bun.lock'] as const

export interface Found {
  /** Names in package.json that say which databases are used. */
  readonly uses: readonly string[]
  readonly backends: readonly string[]
  readonly hasSqlatency: boolean
  /** The configuration that is there, or the one to write. */
  readonly config: string
  /** Where GitHub looks for workflows. */
  readonly top: string
  /** From the top: the project, and the folder whose packages it uses. Empty at the top. */
  readonly prefix: string
  readonly home: string
  /** With npm's lock file `npm ci`, else `npm install`. */
  readonly install: string
  /** Lock file of another package manager, where npm has none. */
  readonly otherLock: string | null
}

interface Manifest {
  readonly name?: string
  readonly type?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

export async function lookAt(folder: string): Promise<Found> {
  const manifest = manifestOf(folder)
  const { dependencies, devDependencies, optionalDependencies, peerDependencies } = manifest
  const packages = { ...peerDependencies, ...optionalDependencies, ...devDependencies, ...dependencies }
  const used = USES.filter(([name]) => Object.hasOwn(packages, name))
  const top = await topOf(folder)
  const places = [...upTo(top, folder)]
  const locked = places.find((place) => existsSync(join(place, 'package-lock.json')))
  const home = places.find((place) => existsSync(join(place, 'node_modules', 'sqlatency'))) ?? locked ?? folder
  return {
    uses: used.map(([name]) => name),
    backends: used.length === 0 ? UNKNOWN : used.map(([, backend]) => backend),
    hasSqlatency: Object.hasOwn(packages, 'sqlatency'),
    // A .ts file follows the `type` of package.json, an .mjs file is always a module.
    config:
      findConfig(undefined) ??
      join(folder, manifest.type === 'module' ? 'sqlatency.config.ts' : 'sqlatency.config.mjs'),
    top,
    prefix: relative(top, folder),
    home: relative(top, home),
    install: locked === undefined ? 'npm install' : 'npm ci',
    otherLock: locked === undefined ? otherLockIn(places) : null,
  }
}

const otherLockIn = (places: readonly string[]): string | null =>
  OTHER_LOCKS.find((name) => places.some((place) => existsSync(join(place, name)))) ?? null

function manifestOf(folder: string): Manifest {
  const path = join(folder, 'package.json')
  if (!existsSync(path)) throw new SqlatencyError('NO_PROJECT', `There is no package.json in ${folder}.`)
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Manifest
  } catch (error) {
    throw new SqlatencyError('NO_PROJECT', `${path} cannot be read: ${messageOf(error)}.`, {}, { cause: error })
  }
}

/** Of the repository; the folder itself where there is none. */
async function topOf(folder: string): Promise<string> {
  try {
    return (await repositoryOf(folder, new AbortController().signal)).top
  } catch {
    return folder
  }
}

/** From a folder up, to the top and not further. */
function* upTo(top: string, folder: string): Generator<string> {
  for (let place = folder; ; place = dirname(place)) {
    yield place
    if (place === top || place === dirname(place)) return
  }
}
