import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Durability, Job, Provisioned, Scope } from '../../bench/contract/index.ts'
import { startDistance } from '../distance/index.ts'
import type { DistanceOptions } from '../distance/options.ts'
import type { Address } from '../postgres/client.ts'
import { endpoint, withClient } from '../postgres/client.ts'
import { createCluster, launch, urlOf, versionOf } from '../servers/postgres-cluster.ts'
import type { Feed, HybridAddress } from './address.ts'
import { feedOf } from './address.ts'
import { createCopy } from './copy.ts'
import { startFeeder } from './feeder.ts'
import { openPrimary } from './primary.ts'
import { addConsumer, forkConsumer, publish } from './publish.ts'

export type HybridOptions = DistanceOptions & {
  readonly feed: string
  readonly pollIntervalMs: number
  readonly durability: string
  readonly readYourWrites: boolean
}

/** What is the same from wherever PostgreSQL is seen. */
type Here = Omit<HybridAddress, 'feederPid'>

/** A PostgreSQL of our own, and a SQLite file that is fed from its first table on. */
export async function provision(
  options: HybridOptions,
  scope: Scope,
  { translations = {} }: Job,
): Promise<Provisioned<HybridAddress>> {
  const feed = feedOf(options.feed)
  const { url, version } = await startSource(feed, scope)
  const primary: Address = { url, via: null, durability: options.durability as Durability }
  const far = await seenFrom(primary, options, scope)
  const consumer = newConsumer()
  const file = join(scope.directory, 'copy.db')
  const client = await openPrimary(primary)
  try {
    await publish(client, feed)
    createCopy(file, await addConsumer(client, feed, consumer))
  } finally {
    await client.end()
  }
  const { pollIntervalMs, readYourWrites } = options
  const chosen = { feed, pollIntervalMs, readYourWrites, sqliteTexts: translations }
  const here: Here = { ...chosen, primary: far.primary, rttMs: options.rttMs, consumer, file }
  const servers = [{ name: 'PostgreSQL', version, cpus: scope.serverCpus }, ...far.servers]
  return fed(here, { distance: far.distance, servers, external: false }, scope)
}

/** Another SQLite file, that begins as a copy and is fed from further away. */
export async function move(
  here: Provisioned<HybridAddress>,
  options: HybridOptions,
  scope: Scope,
): Promise<Provisioned<HybridAddress>> {
  const { feed, consumer, file, primary } = here.address
  const far = await seenFrom(primary, options, scope)
  const fork = newConsumer()
  await withClient({ ...primary, via: null }, (client) => forkConsumer(client, feed, consumer, fork))
  const copied = join(scope.directory, 'copy.db')
  const source = new Database(file, { readonly: true })
  await source.backup(copied).finally(() => source.close())
  const there: Here = { ...here.address, primary: far.primary, rttMs: options.rttMs, consumer: fork, file: copied }
  return fed(there, { ...here, distance: far.distance, servers: [...here.servers, ...far.servers] }, scope)
}

async function fed(
  here: Here,
  facts: Omit<Provisioned<HybridAddress>, 'address'>,
  scope: Scope,
): Promise<Provisioned<HybridAddress>> {
  const { pid } = await startFeeder(here.file, here, scope)
  const feeder = { name: 'Feeder of the SQLite file', version: process.version, cpus: scope.serverCpus }
  return { ...facts, address: { ...here, feederPid: pid }, servers: [...facts.servers, feeder] }
}

async function startSource(feed: Feed, scope: Scope): Promise<{ url: string; version: string }> {
  const cluster = await createCluster(scope)
  const { server, port } = await launch(cluster, scope, feed === 'logical' ? { wal_level: 'logical' } : {})
  return { url: urlOf(cluster, port), version: versionOf(server) }
}

async function seenFrom(primary: Address, options: HybridOptions, scope: Scope) {
  if (options.rttMs === 0) return { primary, distance: null, servers: [] }
  const request = { ...options, ...endpoint(primary), name: 'PostgreSQL', started: true }
  const { host, port, distance, servers } = await startDistance(request, scope)
  return { primary: { ...primary, via: { host, port } }, distance, servers }
}

/** A name that a replication slot may have. */
const newConsumer = (): string => `sqlatency_${randomBytes(4).toString('hex')}`
