import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { appendFile, chmod, chown, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Scope } from '../../bench/contract/index.ts'
import { SqlatencyError } from '../../bench/contract/index.ts'
import type { End } from '../distance/echo.ts'
import { freePort } from './port.ts'
import type { Account, Binaries } from './postgres-binaries.ts'
import { findBinaries, runnableBy, unprivileged } from './postgres-binaries.ts'
import type { ServerProcess } from './process.ts'
import { serverEnvironment, startServer, wrote } from './process.ts'

/** A folder of data that was made here and has not been started yet, or a copy of one. */
export interface Cluster {
  readonly binaries: Binaries
  readonly account: Account | null
  readonly data: string
  readonly password: string
}

const USER = 'sqlatency'
const PORT_ATTEMPTS = 3

/** Clients and standbys whose packets come through an emulated distance have its addresses (adapters/distance/tun.c). */
const FROM_AFAR = ['all', 'replication']
  .map((database) => `host ${database} all 198.18.0.0/15 scram-sha-256\n`)
  .join('')

/** LC_ALL must be known to the system, and C.UTF-8 is not to every one; the database's own locale is built in. */
const environment = (): NodeJS.ProcessEnv => serverEnvironment({ LC_ALL: 'C' })

/** A new cluster in the scope's folder. */
export async function createCluster(scope: Scope): Promise<Cluster> {
  const account = await unprivileged()
  if (account !== null) await chmod(scope.directory, 0o711)
  const installed = await findBinaries()
  const binaries = account === null ? installed : await runnableBy(account, installed, scope.directory)
  const data = await dataFolder('data', account, scope)
  const password = randomBytes(24).toString('base64url')
  await initialize(binaries.initdb, data, password, account, scope)
  return { binaries, account, data, password }
}

/** A copy for a standby, made before the first start of either. */
export async function copyCluster(cluster: Cluster, name: string, scope: Scope): Promise<Cluster> {
  const data = await dataFolder(name, cluster.account, scope)
  await promisify(execFile)('cp', ['-a', `${cluster.data}/.`, data], { ...cluster.account, signal: scope.signal })
  return { ...cluster, data }
}

async function dataFolder(name: string, account: Account | null, scope: Scope): Promise<string> {
  const data = join(scope.directory, name)
  await mkdir(data, { mode: 0o700 })
  if (account !== null) await chown(data, account.uid, account.gid)
  return data
}

export const urlOf = ({ password }: Cluster, port: number): string =>
  `postgres://${USER}:${password}@127.0.0.1:${port}/postgres?sslmode=disable`

/** For a standby's settings; holds the password. */
export const connectionInfo = ({ password }: Cluster, { host, port }: End): string =>
  `host=${host} port=${port} user=${USER} password=${password} sslmode=disable application_name=standby`

export const versionOf = (server: ServerProcess): string =>
  /starting PostgreSQL (\S+)/.exec(server.log())?.[1] ?? 'unknown'

/** The password goes through a file, because arguments are visible to everyone on the machine. */
async function initialize(
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

/**
 * Starts the server of a cluster on loopback. A port that was free may be taken in the meantime, so another one is tried.
 * @param settings visible to everyone on the machine: never a secret
 */
export async function launch(
  { binaries, data, account }: Cluster,
  scope: Scope,
  settings: Readonly<Record<string, string>> = {},
): Promise<{ server: ServerProcess; port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort()
    try {
      const server = await startServer(
        {
          name: 'PostgreSQL',
          command: binaries.postgres,
          // No socket file: its path may be longer than a socket's may be, and nothing would use it.
          args: ['-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', ''].concat(
            Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
          ),
          env: environment(),
          cwd: data,
          ...account,
          // A fast shutdown: open sessions are ended, what was committed stays.
          stopSignal: 'SIGINT',
          ready: (started) => wrote(started, /ready to accept (read-only )?connections/),
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
