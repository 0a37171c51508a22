import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { appendFile, chmod, chown, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Scope, ServerFacts } from '../../bench/contract/index.ts'
import { SqlatencyError } from '../../bench/contract/index.ts'
import { freePort } from './port.ts'
import type { Account } from './postgres-binaries.ts'
import { findBinaries, runnableBy, unprivileged } from './postgres-binaries.ts'
import type { ServerProcess } from './process.ts'
import { serverEnvironment, startServer, wrote } from './process.ts'

export interface PostgresServer {
  /** Holds the password. */
  readonly url: string
  readonly facts: ServerFacts
}

const USER = 'sqlatency'
const PORT_ATTEMPTS = 3

/** Clients and standbys whose packets come through an emulated distance have its addresses (adapters/distance/tun.c). */
const FROM_AFAR = ['all', 'replication']
  .map((database) => `host ${database} all 198.18.0.0/15 scram-sha-256\n`)
  .join('')

/** LC_ALL must be known to the system, and C.UTF-8 is not to every one; the database's own locale is built in. */
const environment = (): NodeJS.ProcessEnv => serverEnvironment({ LC_ALL: 'C' })

/** A new PostgreSQL cluster in the scope's folder and its server on loopback, both gone when the scope ends. Its settings are PostgreSQL's own. */
export async function startPostgres(scope: Scope): Promise<PostgresServer> {
  const account = await unprivileged()
  if (account !== null) await chmod(scope.directory, 0o711)
  const installed = await findBinaries()
  const binaries = account === null ? installed : await runnableBy(account, installed, scope.directory)
  const data = join(scope.directory, 'data')
  await mkdir(data, { mode: 0o700 })
  if (account !== null) await chown(data, account.uid, account.gid)
  const password = randomBytes(24).toString('base64url')
  await createCluster(binaries.initdb, data, password, account, scope)
  const { server, port } = await launch(binaries.postgres, data, account, scope)
  return {
    url: `postgres://${USER}:${password}@127.0.0.1:${port}/postgres?sslmode=disable`,
    facts: {
      name: 'PostgreSQL',
      version: /starting PostgreSQL (\S+)/.exec(server.log())?.[1] ?? 'unknown',
      cpus: scope.serverCpus,
    },
  }
}

/** The password goes through a file, because arguments are visible to everyone on the machine. */
async function createCluster(
  initdb: string,
  data: string,
  password: string,
  account: Account | null,
  scope: Scope,
): Promise<void> {
  const passwordFile = join(scope.directory, 'password')
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (account !== null) await chown(passwordFile, account.uid, account.gid)
  // Order by code point, as SQLite does. --no-sync leaves out one flush of the empty cluster; the server still flushes every commit.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const args = [
    '-D',
    data,
    '-U',
    USER,
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    ...locale,
    '--no-sync',
    '--no-instructions',
  ]
  try {
    await promisify(execFile)(initdb, args, {
      ...account,
      env: environment(),
      cwd: scope.directory,
      signal: scope.signal,
      timeout: 60_000,
    })
    await appendFile(join(data, 'pg_hba.conf'), FROM_AFAR)
  } catch (error) {
    const said = ((error as { stderr?: string }).stderr ?? '').trim().split('\n').slice(-3).join(' | ')
    throw new SqlatencyError(
      'SERVER_NOT_READY',
      `PostgreSQL's initdb failed: ${said || (error as Error).message}`,
      {},
      { cause: error },
    )
  } finally {
    await rm(passwordFile, { force: true })
  }
}

/** A port that was free may be taken in the meantime, so another one is tried. */
async function launch(
  postgres: string,
  data: string,
  account: Account | null,
  scope: Scope,
): Promise<{ server: ServerProcess; port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort()
    try {
      const server = await startServer(
        {
          name: 'PostgreSQL',
          command: postgres,
          // No socket file: its path may be longer than a socket's may be, and nothing would use it.
          args: ['-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', ''],
          env: environment(),
          cwd: data,
          ...account,
          // A fast shutdown: open sessions are ended, what was committed stays.
          stopSignal: 'SIGINT',
          ready: (started) => wrote(started, /ready to accept connections/),
        },
        scope,
      )
      return { server, port }
    } catch (error) {
      const taken = error instanceof SqlatencyError && /could not bind|already in use/i.test(error.message)
      if (!taken || attempt === PORT_ATTEMPTS) throw error
    }
  }
}
