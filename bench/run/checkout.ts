import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { SqlatencyError } from '../contract/index.ts'

/** The user's repository, and where in it they stand. */
export interface Repository {
  readonly top: string
  /** Of the folder they are in, relative to the top. Empty at the top. */
  readonly prefix: string
}

export async function repositoryOf(folder: string, signal: AbortSignal): Promise<Repository> {
  const { code, stdout } = await command('git', ['rev-parse', '--show-toplevel', '--show-prefix'], folder, signal)
  if (code !== 0) throw new SqlatencyError('NO_REPOSITORY', `${folder} is not inside a git repository.`)
  const [top = '', prefix = ''] = stdout.split('\n')
  return { top, prefix: prefix.replace(/\/$/, '') }
}

/** The full hash of a commit that a person named. */
export async function commitOf({ top }: Repository, ref: string, signal: AbortSignal): Promise<string> {
  const asked = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]
  const { code, stdout } = await command('git', asked, top, signal)
  if (code !== 0) throw new SqlatencyError('REF_UNKNOWN', `There is no commit "${ref}" in ${top}.`)
  return stdout.trim()
}

/** Full hash of HEAD, or null when the working tree has changes. */
export async function cleanHead({ top }: Repository, signal: AbortSignal): Promise<string | null> {
  const status = await command('git', ['status', '--porcelain'], top, signal)
  if (status.code !== 0 || status.stdout !== '') return null
  const head = await command('git', ['rev-parse', '--verify', '--quiet', 'HEAD'], top, signal)
  return head.code === 0 ? head.stdout.trim() : null
}

/**
 * The files of a commit in a folder of their own. An archive rather than a worktree: it leaves no trace in the user's
 * repository, whatever becomes of us.
 */
export async function checkOut({ top }: Repository, commit: string, into: string, signal: AbortSignal): Promise<void> {
  mkdirSync(into, { recursive: true })
  const archive = join(into, '.sqlatency.tar')
  await must('git', ['archive', '--format=tar', `--output=${archive}`, commit], top, signal)
  await must('tar', ['-xf', archive, '-C', into], into, signal)
  rmSync(archive)
}

/**
 * Lets a checkout find what it imports. Packages that the working tree has already are used where package.json and the
 * lock file are the same to the byte: installing them again would bring the same.
 * @param asked a command that a person gave; it is always run
 * @returns what was done, in words
 */
export async function build(
  { top, prefix }: Repository,
  checkout: string,
  asked: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  const folder = join(checkout, prefix)
  if (!existsSync(folder)) throw new SqlatencyError('BUILD_FAILED', `There is no folder ${prefix} in that commit.`)
  if (asked !== undefined) {
    await must('sh', ['-c', asked], folder, signal)
    return asked
  }
  const places = prefix === '' ? [''] : ['', prefix]
  const manifests = places.flatMap((place) => ['package.json', 'package-lock.json'].map((name) => join(place, name)))
  const isSame = manifests.every((path) => read(join(checkout, path)) === read(join(top, path)))
  const present = places.filter((place) => existsSync(join(top, place, 'node_modules')))
  if (isSame && present.length > 0) {
    for (const place of present) {
      const link = join(checkout, place, 'node_modules')
      if (!existsSync(link)) symlinkSync(join(top, place, 'node_modules'), link)
    }
    return 'the packages of the working tree (same package.json and lock file)'
  }
  const home = places.toReversed().find((place) => existsSync(join(checkout, place, 'package-lock.json')))
  if (home !== undefined) {
    await must('npm', ['ci', '--no-audit', '--no-fund'], join(checkout, home), signal)
    return 'npm ci'
  }
  if (!existsSync(join(folder, 'package.json'))) return 'nothing to build'
  await must('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock'], folder, signal)
  return 'npm install'
}

const read = (path: string): string | null => (existsSync(path) ? readFileSync(path, 'utf8') : null)

interface Done {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

async function must(name: string, args: readonly string[], cwd: string, signal: AbortSignal): Promise<void> {
  const { code, stdout, stderr } = await command(name, args, cwd, signal)
  if (code === 0) return
  const said = (stderr.trim() === '' ? stdout : stderr).trim().split('\n').slice(-3).join(' ')
  const called = name === 'sh' ? args.at(-1)! : `${name} ${args[0]}`
  throw new SqlatencyError('BUILD_FAILED', `\`${called}\` failed with exit code ${code}: ${said}`)
}

/** Runs a command to its end; with the signal, it and everything that it started are ended. */
async function command(name: string, args: readonly string[], cwd: string, signal: AbortSignal): Promise<Done> {
  signal.throwIfAborted()
  const child = spawn(name, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')))
  const kill = (): void => {
    try {
      process.kill(-child.pid!, 'SIGKILL')
    } catch {
      // It is gone already.
    }
  }
  signal.addEventListener('abort', kill, { once: true })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) =>
      reject(new SqlatencyError('BUILD_FAILED', `${name} cannot be started: ${error.message}`)),
    )
    child.once('close', resolve)
  }).finally(() => signal.removeEventListener('abort', kill))
  signal.throwIfAborted()
  return { code, stdout, stderr }
}
