import { appendFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Scope, ServerFacts } from '../../bench/contract/index.ts'
import type { End } from '../distance/echo.ts'
import type { Cluster } from './postgres-cluster.ts'
import { connectionInfo, copyCluster, createCluster, launch, urlOf, versionOf } from './postgres-cluster.ts'
import { streaming } from './postgres-streaming.ts'
import type { ServerProcess } from './process.ts'

export interface PostgresPair {
  /** Both hold the password. */
  readonly primaryUrl: string
  readonly standbyUrl: string
  readonly servers: readonly ServerFacts[]
}

/**
 * A primary and a streaming standby of it, a copy that was made before either was started. What the standby needs is kept
 * for a while, so that it can be slow without being cut off.
 * @param waits whether commits may wait for the standby; how long each does is its session's `synchronous_commit`
 * @param wayTo where the standby dials instead of the primary's own end
 */
export async function startPostgresPair(
  scope: Scope,
  waits: boolean,
  wayTo: (primary: End) => Promise<End> = (primary) => Promise.resolve(primary),
): Promise<PostgresPair> {
  const cluster = await createCluster(scope)
  const copy = await copyCluster(cluster, 'standby', scope)
  const primary = await launch(cluster, scope, {
    wal_keep_size: '512MB',
    ...(waits ? { synchronous_standby_names: '*' } : {}),
  })
  await follow(copy, await wayTo({ host: '127.0.0.1', port: primary.port }))
  const standby = await launch(copy, scope)
  const primaryUrl = urlOf(cluster, primary.port)
  await streaming(primaryUrl, standby.server, scope)
  const facts = (name: string, server: ServerProcess): ServerFacts => ({
    name,
    version: versionOf(server),
    cpus: scope.serverCpus,
  })
  return {
    primaryUrl,
    standbyUrl: urlOf(cluster, standby.port),
    servers: [facts('PostgreSQL', primary.server), facts('PostgreSQL standby', standby.server)],
  }
}

/** The password stands in a file that only the server's account may read, never in its arguments. */
async function follow(copy: Cluster, primary: End): Promise<void> {
  await appendFile(join(copy.data, 'postgresql.auto.conf'), `primary_conninfo = '${connectionInfo(copy, primary)}'\n`)
  await writeFile(join(copy.data, 'standby.signal'), '')
}
