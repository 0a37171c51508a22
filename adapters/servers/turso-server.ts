import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Scope, ServerFacts } from '../../bench/contract/index.ts'
import { SqlatencyError } from '../../bench/contract/index.ts'
import { packageVersion } from './package.ts'
import { freePort } from './port.ts'
import type { ServerProcess } from './process.ts'
import { startServer } from './process.ts'

export interface TursoServer {
  readonly url: string
  readonly facts: ServerFacts
}

const PACKAGE = '@tursodatabase/cli-linux-x64-gnu'

/** The sync server of the new Turso engine (`tursodb --sync-server`) on a free loopback port, its data in the scope's folder. */
export async function startTursoServer(scope: Scope): Promise<TursoServer> {
  const command = tursoBinary()
  const port = await freePort()
  await startServer(
    {
      name: 'Turso sync server',
      command,
      args: [join(scope.directory, 'server.db'), '--sync-server', `127.0.0.1:${port}`],
      cwd: scope.directory,
      ready: (server) => listening(port, server),
    },
    scope,
  )
  return {
    url: `http://127.0.0.1:${port}`,
    facts: { name: 'Turso sync server', version: packageVersion(PACKAGE), cpus: scope.serverCpus },
  }
}

/** An optional dependency, for it exists for this platform alone. */
function tursoBinary(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`)), 'tursodb')
  } catch (error) {
    throw new SqlatencyError(
      'NOT_AVAILABLE',
      `The Turso sync server is not there: the package ${PACKAGE} is not installed.`,
      { remedy: 'Run `npm ci` on Linux, x64, with glibc.' },
      { cause: error },
    )
  }
}

/** It has no address that says whether it is well. */
async function listening(port: number, server: ServerProcess): Promise<void> {
  while (server.isRunning()) {
    const socket = connect(port, '127.0.0.1')
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true))
      socket.once('error', () => resolve(false))
    })
    socket.destroy()
    if (isOpen) return
    await sleep(5)
  }
}
