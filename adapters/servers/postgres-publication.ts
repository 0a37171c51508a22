import { chown, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Scope, ServerFacts } from '../../bench/contract/index.ts'
import type { Cluster } from './postgres-cluster.ts'
import { copyCluster, createCluster, launch, urlOf, versionOf } from './postgres-cluster.ts'
import { streaming } from './postgres-streaming.ts'
import type { ServerProcess } from './process.ts'

export interface PublisherAndSubscriber {
  /** Both hold the password. */
  readonly publisherUrl: string
  readonly subscriberUrl: string
  /** How the subscriber's server reaches the publisher's. Holds no password: that is in a file which only the server may read. */
  readonly connection: string
  readonly servers: readonly ServerFacts[]
  /** Settles when the subscriber receives what the publisher writes. */
  follows(): Promise<void>
}

/**
 * Two servers with the same superuser and no data. The first writes to its log what a subscriber needs; neither publishes nor subscribes yet.
 * @param waitFor the subscription that commits may wait for, or null; how long each does is its session's `synchronous_commit`
 */
export async function startPublisherAndSubscriber(
  scope: Scope,
  waitFor: string | null,
): Promise<PublisherAndSubscriber> {
  const cluster = await createCluster(scope)
  const copy = await copyCluster(cluster, 'subscriber', scope)
  const publisher = await launch(cluster, scope, {
    wal_level: 'logical',
    ...(waitFor === null ? {} : { synchronous_standby_names: waitFor }),
  })
  const publisherUrl = urlOf(cluster, publisher.port)
  const connection = await connectionOf(publisherUrl, copy)
  const subscriber = await launch(copy, scope)
  const facts = (name: string, server: ServerProcess): ServerFacts => ({
    name,
    version: versionOf(server),
    cpus: scope.serverCpus,
  })
  return {
    publisherUrl,
    subscriberUrl: urlOf(copy, subscriber.port),
    connection,
    servers: [facts('PostgreSQL publisher', publisher.server), facts('PostgreSQL subscriber', subscriber.server)],
    follows: () => streaming(publisherUrl, subscriber.server, scope),
  }
}

/** A subscription's connection stands in a catalogue and, should making it fail, in the server's log. */
async function connectionOf(publisherUrl: string, { data, account, password }: Cluster): Promise<string> {
  const { hostname, port, username, pathname } = new URL(publisherUrl)
  const file = join(data, 'publisher.pgpass')
  await writeFile(file, `${hostname}:${port}:*:${username}:${password}\n`, { mode: 0o600 })
  if (account !== null) await chown(file, account.uid, account.gid)
  const quoted = file.replaceAll(/['\\]/g, String.raw`\$&`)
  return `host=${hostname} port=${port} user=${username} dbname=${pathname.slice(1)} sslmode=disable passfile='${quoted}'`
}
