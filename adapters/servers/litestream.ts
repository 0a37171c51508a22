import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Scope, ServerFacts } from '../../bench/contract/index.ts'
import { foundBinary } from './found-binary.ts'
import { askLitestream } from './litestream-socket.ts'
import { startServer } from './process.ts'
import type { ServerProcess } from './process.ts'

export interface LitestreamPair {
  /** A database file that Litestream copies, and that somebody has to make before. */
  readonly primaryFile: string
  /** The file that follows it. */
  readonly followerFile: string
  /** Where the copying process takes orders. */
  readonly socket: string
  readonly servers: readonly ServerFacts[]
}

const INSTALL =
  'Run `go install github.com/benbjohnson/litestream/cmd/litestream@v0.5.16`, or set SQLATENCY_LITESTREAM_BIN.'

/**
 * `litestream replicate` to a folder, and `litestream restore -f` from there: the second file follows the first. Three
 * intervals stack: looking at the log, uploading, and looking for uploads.
 * @param create makes the primary file, in WAL mode
 */
export async function startLitestream(
  scope: Scope,
  intervalMs: number,
  create: (file: string) => void,
): Promise<LitestreamPair> {
  const command = foundBinary('litestream', 'SQLATENCY_LITESTREAM_BIN', INSTALL)
  const at = (name: string): string => join(scope.directory, name)
  const [primaryFile, followerFile, socket, uploads] = [at('primary.db'), at('follower.db'), at('s'), at('uploads')]
  create(primaryFile)
  const every = `${intervalMs}ms`
  const config = {
    socket: { enabled: true, path: socket },
    dbs: [
      {
        path: primaryFile,
        'monitor-interval': every,
        replica: { type: 'file', path: uploads, 'sync-interval': every },
      },
    ],
  }
  // JSON is YAML.
  await writeFile(at('litestream.yml'), JSON.stringify(config))
  await startServer(
    {
      name: 'Litestream',
      command,
      args: ['replicate', '-config', at('litestream.yml')],
      ready: (server) => exists(server, () => existsSync(socket)),
    },
    scope,
  )
  await askLitestream(socket, 'POST', '/sync', { path: primaryFile, wait: true })
  await startServer(
    {
      name: 'Litestream follower',
      command,
      args: ['restore', '-f', '-follow-interval', every, '-o', followerFile, `file://${uploads}`],
      ready: (server) => exists(server, () => existsSync(`${followerFile}-txid`)),
    },
    scope,
  )
  const version = (await promisify(execFile)(command, ['version'])).stdout.trim().replace(/^v/, '')
  const facts = (name: string): ServerFacts => ({ name, version, cpus: scope.serverCpus })
  return { primaryFile, followerFile, socket, servers: [facts('Litestream'), facts('Litestream follower')] }
}

async function exists(server: ServerProcess, isThere: () => boolean): Promise<void> {
  while (server.isRunning() && !isThere()) await sleep(5)
}
