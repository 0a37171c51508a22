import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  mkdirSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { Run } from '../contract/index.ts'

const root = realpathSync(fileURLToPath(new URL('../..', import.meta.url)))

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Started {
  readonly child: ChildProcess
  readonly finished: Promise<Finished>
  /** Settles when stderr has matched. */
  saw(pattern: RegExp): Promise<void>
}

/** A user's project: a folder with sqlatency installed and, if given, a configuration. Removed after the test. */
export function project(files: Readonly<Record<string, string>> = {}): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sqlatency-project-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(root, join(folder, 'node_modules', 'sqlatency'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }')
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return folder
}

/** The command line as a user starts it, in a folder of theirs. */
export function start(folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Started {
  const child = spawn(process.execPath, [join(root, 'bench', 'bin.js'), ...args], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  const looking = new Set<() => void>()
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')))
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8')
    for (const look of looking) look()
  })
  const finished = new Promise<Finished>((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })))
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
    await finished
  })
  return {
    child,
    finished,
    saw: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!pattern.test(stderr)) return
          looking.delete(look)
          resolve()
        }
        looking.add(look)
        look()
        void finished.then(() => reject(new Error(`ended without ${String(pattern)}:\n${stderr}`)))
      }),
  }
}

export const sqlatency = (folder: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Finished> =>
  start(folder, args, env).finished

export const storedRun = (folder: string, id = 'latest'): Run =>
  JSON.parse(readFileSync(join(folder, 'results', id, 'run.json'), 'utf8')) as Run

/** Processes whose command line names something, if asked for in a folder: how leftovers of a run are found. */
export function processesNaming(text: string, folder?: string): { pid: number; command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ')
        const isThere = folder === undefined || readlinkSync(`/proc/${name}/cwd`) === realpathSync(folder)
        return isThere && command.includes(text) ? [{ pid: Number(name), command }] : []
      } catch {
        return []
      }
    })
}

/** Work folders of running harnesses. */
export const workFolders = (): string[] => readdirSync(tmpdir()).filter((name) => /^sqlatency-\w{6}$/.test(name))

/** The work folder of the harness that runs in a project, for others may be measuring on this machine. */
export function workFolderOf(folder: string): string | undefined {
  return workFolders().find((name) => {
    try {
      const { pid } = JSON.parse(readFileSync(join(tmpdir(), name, 'owner.json'), 'utf8')) as { pid: number }
      return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(folder)
    } catch {
      // It went meanwhile, or its harness did.
      return false
    }
  })
}
