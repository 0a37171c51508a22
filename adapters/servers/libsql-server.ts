import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Scope } from '../../bench/contract/index.ts'
import type { End } from '../distance/echo.ts'
import { libsqlBinary } from './libsql-binary.ts'
import { freePort } from './port.ts'
import type { ServerProcess } from './process.ts'
import { startServer } from './process.ts'

export interface LibsqlServer {
  readonly port: number
  /** Where replicas of the server's kind fetch frames; null when none were asked for. */
  readonly grpcPort: number | null
  /** For example `0.24.32`; as the running server says. */
  readonly version: string
  readonly process: ServerProcess
}

export interface LibsqlOptions {
  readonly jwtKeyFile?: string
  /** Opens a port for replicas that are servers themselves. Embedded ones fetch frames over the HTTP port. */
  readonly grpc?: boolean
  /** Where the primary that this one follows is dialled for its frames; without it, this is a primary. */
  readonly follows?: End
}

/** Starts a libsql-server on a free loopback port with its data in the scope's folder. */
export async function startLibsqlServer(scope: Scope, options: LibsqlOptions = {}): Promise<LibsqlServer> {
  const command = await libsqlBinary({ signal: scope.signal })
  const port = await freePort()
  const base = `http://127.0.0.1:${port}`
  const args = [
    '--no-welcome',
    '--db-path',
    join(scope.directory, options.follows === undefined ? 'primary' : 'replica'),
    '--http-listen-addr',
    `127.0.0.1:${port}`,
  ]
  if (options.jwtKeyFile !== undefined) args.push('--auth-jwt-key-file', options.jwtKeyFile)
  const grpcPort = options.grpc === true ? await freePort() : null
  if (grpcPort !== null) args.push('--grpc-listen-addr', `127.0.0.1:${grpcPort}`)
  if (options.follows !== undefined)
    args.push('--primary-grpc-url', `http://${options.follows.host}:${options.follows.port}`)
  const server = await startServer(
    {
      name: options.follows === undefined ? 'libsql-server' : 'libsql-server replica',
      command,
      args,
      // Asked by SIGINT or SIGTERM it now and then never ends (seen with both), and nothing of its data is needed any more.
      stopSignal: 'SIGKILL',
      ready: (started) => healthy(base, started),
    },
    scope,
  )
  return { port, grpcPort, version: await libsqlVersion(base), process: server }
}

/** The version that a libsql-server states at `/version`; `unknown` where that is not offered. */
export async function libsqlVersion(base: string): Promise<string> {
  const answer = await fetch(`${base}/version`, { signal: AbortSignal.timeout(5000) }).catch(() => null)
  const text = answer?.ok === true ? await answer.text() : ''
  return /^sqld (\d[\w.-]*)/.exec(text)?.[1] ?? 'unknown'
}

async function healthy(base: string, server: ServerProcess): Promise<void> {
  while (server.isRunning()) {
    const answer = await fetch(`${base}/health`, { signal: AbortSignal.timeout(1000) }).catch(() => null)
    await answer?.arrayBuffer()
    if (answer?.ok === true) return
    await sleep(5)
  }
}
