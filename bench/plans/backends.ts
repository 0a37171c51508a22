import type { BackendConfig } from '../contract/index.ts'

/** A continent away, roughly: the distance of `postgres-remote` when no URL is given. */
const REMOTE_RTT_MS = 40

/** The built-in backends. Several are one adapter with other options, such as local and remote Postgres. */
export const builtInBackends: Readonly<Record<string, BackendConfig & { readonly title: string }>> = {
  null: { adapter: 'null', title: 'Nothing (the harness alone)' },
  'better-sqlite3': { adapter: 'better-sqlite3', title: 'SQLite in process' },
  'turso-replica': { adapter: 'libsql', title: 'Turso embedded replica' },
  'turso-replica-interval': {
    adapter: 'libsql',
    title: 'Turso embedded replica, synced every 100 ms',
    options: { syncIntervalMs: 100, readYourWrites: false },
  },
  'turso-replica-no-ryw': {
    adapter: 'libsql',
    title: 'Turso embedded replica, own writes unseen until a sync',
    options: { readYourWrites: false },
  },
  'libsql-server-replica': { adapter: 'libsql-server-replica', title: 'libsql-server replica' },
  'turso-sync': { adapter: 'turso-sync', title: 'Turso (new engine), synced copy' },
  litestream: { adapter: 'litestream', title: 'SQLite followed by Litestream' },
  litefs: { adapter: 'litefs', title: 'SQLite on LiteFS' },
  'postgres-local': { adapter: 'postgres', title: 'Postgres, same host' },
  'postgres-standby': { adapter: 'postgres-standby', title: 'Postgres, streaming standby' },
  'postgres-standby-remote-apply': {
    adapter: 'postgres-standby',
    title: 'Postgres standby, commits wait until it shows them',
    options: { synchronousCommit: 'remote_apply' },
  },
  'postgres-standby-off': {
    adapter: 'postgres-standby',
    title: 'Postgres standby, commits wait for no disk',
    options: { synchronousCommit: 'off' },
  },
  'postgres-logical': { adapter: 'postgres-logical', title: 'Postgres, logical replication' },
  'hybrid-logical': { adapter: 'postgres-to-sqlite', title: 'Postgres feeding SQLite, by its log' },
  'hybrid-polling': {
    adapter: 'postgres-to-sqlite',
    title: 'Postgres feeding SQLite, polled',
    options: { feed: 'polling' },
  },
  'd1-worker': { adapter: 'd1', title: 'D1 Worker' },
  'postgres-remote': { adapter: 'postgres', title: 'Postgres, remote', options: { rttMs: REMOTE_RTT_MS } },
}
