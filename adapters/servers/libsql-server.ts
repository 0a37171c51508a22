import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Scope } from '../../bench/contract/index.ts'
import { libsqlBinary } from './libsql-binary.ts'
import { freePort } from './port.ts'
import type { ServerProcess } from './process.ts'
import { startServer } from './process.ts'

export interface LibsqlServer {
  readonly port: number
  /** For example `0.24.32`; as the running server says. */
  readonly version: string
  readonly process: ServerProcess
}

/**
 * Starts a libsql-server primary on a free loopback port with its data in the scope's folder.
 * Embedded replicas fetch frames over the HTTP port, so the gRPC port of server-side replicas stays closed.
 */
export async function startLibsqlServer(
  scope: Scope,
  options: { readonly jwtKeyFile?: string } = {},
): Promise<LibsqlServer> {
  const command = await libsqlBinary({ signal: scope.signal })
  const port = await freePort()
  const base = `http://127.0.0.1:${port}`
  const args = [
    '--no-welcome',
    '--db-path',
    join(scope.directory, 'primary'),
    '--http-listen-addr',
    `127.0.0.1:${port}`,
  ]
  if (options.jwtKeyFile !== undefined) args.push('--auth-jwt-key-file', options.jwtKeyFile)
  const server = await startServer(
    {
      name: 'libsql-server',
      command,
      args,
      // Asked by SIGINT or SIGTERM it now and then never ends (seen with both), and nothing of its data is needed any more.
      stopSignal: 'SIGKILL',
      ready: (started) => healthy(base, started),
    },
    scope,
  )
  return { port, version: await libsqlVersion(base), process: server }
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
