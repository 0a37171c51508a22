import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { Scope } from '../../bench/contract/index.ts'
import { SqlatencyError } from '../../bench/contract/index.ts'

export interface ServerCommand {
  /** For people, in errors: "PostgreSQL". */
  readonly name: string
  readonly command: string
  /** Visible to everyone on the machine: never a secret. */
  readonly args: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
  readonly uid?: number
  readonly gid?: number
  /** Opens an IPC channel; for servers that are Node programs of ours. */
  readonly ipc?: boolean
  /** Keeps a pipe to its stdin, for programs that take orders there. */
  readonly input?: boolean
  /** Asks the server to stop. It is killed if it has not after 5 s. */
  readonly stopSignal?: NodeJS.Signals
  /** Settles when the server can be used. Losing the race against the server's exit is an error that quotes its log. */
  ready(server: ServerProcess): Promise<void>
  readonly readyTimeoutMs?: number
}

export interface ServerProcess {
  readonly pid: number
  readonly child: ChildProcess
  /** The last lines that the server wrote, at most 4,000 characters. */
  log(): string
  isRunning(): boolean
  stop(): Promise<void>
}

const LOG_LIMIT = 4000
const STOP_TIMEOUT_MS = 5000

/**
 * Starts a server pinned to the scope's CPUs and registers its end. On Linux the kernel is asked to stop it
 * when the harness dies, so that not even SIGKILL leaves an orphan.
 */
export async function startServer(wanted: ServerCommand, scope: Scope): Promise<ServerProcess> {
  const stopSignal = wanted.stopSignal ?? 'SIGTERM'
  const [command, ...args] = [...bond(stopSignal), ...pin(scope.serverCpus), wanted.command, ...wanted.args] as [
    string,
    ...string[],
  ]
  const child = spawn(command, args, {
    stdio: [
      wanted.input === true ? 'pipe' : 'ignore',
      'pipe',
      'pipe',
      ...(wanted.ipc === true ? (['ipc'] as const) : []),
    ],
    env: wanted.env ?? serverEnvironment(),
    // Ctrl-C goes to the whole foreground group; a group of its own lets the harness end its servers in order.
    detached: true,
    ...(wanted.cwd === undefined ? {} : { cwd: wanted.cwd }),
    ...(wanted.uid === undefined ? {} : { uid: wanted.uid }),
    ...(wanted.gid === undefined ? {} : { gid: wanted.gid }),
  })
  let log = ''
  const collect = (chunk: Buffer): void => {
    log = (log + chunk.toString('utf8')).slice(-LOG_LIMIT)
  }
  child.stdout?.on('data', collect)
  child.stderr?.on('data', collect)

  let failure: Error | null = null
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', (error) => {
      failure = error
      resolve()
    })
  })
  const isRunning = (): boolean => failure === null && child.exitCode === null && child.signalCode === null
  const server: ServerProcess = {
    pid: child.pid ?? -1,
    child,
    log: () => log,
    isRunning,
    async stop() {
      if (!isRunning()) return
      child.kill(stopSignal)
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
      await exited
      clearTimeout(timer)
    },
  }
  scope.defer(() => server.stop())

  const timeoutMs = wanted.readyTimeoutMs ?? 15_000
  let timer: NodeJS.Timeout | undefined
  const outcome = await Promise.race([
    wanted.ready(server).then(
      () => 'ready' as const,
      (error: unknown) => error as Error,
    ),
    exited.then(() => 'exited' as const),
    new Promise<'timeout'>((resolve) => {
      timer = setTimeout(() => resolve('timeout'), timeoutMs)
    }),
  ])
  clearTimeout(timer)
  if (outcome === 'ready') return server
  await server.stop()
  throw notReady(wanted, outcome, failure, child, log, timeoutMs)
}

function notReady(
  wanted: ServerCommand,
  outcome: 'exited' | 'timeout' | Error,
  failure: NodeJS.ErrnoException | null,
  child: ChildProcess,
  log: string,
  timeoutMs: number,
): SqlatencyError {
  if (failure?.code === 'ENOENT')
    return new SqlatencyError('BINARY_MISSING', `${wanted.name} could not be started: ${failure.message}`)
  const how =
    outcome === 'timeout'
      ? `was not ready after ${timeoutMs / 1000} s`
      : outcome === 'exited'
        ? `ended at once (${failure?.message ?? child.signalCode ?? `exit code ${child.exitCode}`})`
        : `did not get ready (${outcome.message})`
  const said = log.trim().split('\n').slice(-6).join(' | ')
  return new SqlatencyError('SERVER_NOT_READY', `${wanted.name} ${how}${said === '' ? '' : `; it said: ${said}`}`)
}

/** Settles when the server has written a line that matches. */
export async function wrote(server: ServerProcess, pattern: RegExp): Promise<void> {
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (!pattern.test(server.log())) return
      server.child.stdout?.off('data', look)
      server.child.stderr?.off('data', look)
      resolve()
    }
    server.child.stdout?.on('data', look)
    server.child.stderr?.on('data', look)
    look()
  })
}

/** What servers may know of our environment: enough to run, no secret. */
export function serverEnvironment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, TZ } = process.env
  return { PATH, HOME, TMPDIR, TZ, LC_ALL: 'C.UTF-8', LC_MESSAGES: 'C', ...extra }
}

const hasTool = (path: string): boolean => process.platform === 'linux' && existsSync(path)

function pin(cpus: readonly number[] | null): string[] {
  return cpus === null || !hasTool('/usr/bin/taskset') ? [] : ['/usr/bin/taskset', '-c', cpus.join(',')]
}

function bond(signal: NodeJS.Signals): string[] {
  return hasTool('/usr/bin/setpriv') ? ['/usr/bin/setpriv', '--pdeathsig', signal.replace(/^SIG/, '')] : []
}
