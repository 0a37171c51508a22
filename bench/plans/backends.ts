import type { BackendConfig } from '../contract/index.ts'

/** A continent away, roughly: the distance of `postgres-remote` when no URL is given. */
const REMOTE_RTT_MS = 40

/** The built-in backends. Local and remote Postgres are one adapter with two sets of options. */
export const builtInBackends: Readonly<Record<string, BackendConfig & { readonly title: string }>> = {
  null: { adapter: 'null', title: 'Nothing (the harness alone)' },
  'better-sqlite3': { adapter: 'better-sqlite3', title: 'SQLite in process' },
  'turso-replica': { adapter: 'libsql', title: 'Turso embedded replica' },
  'libsql-server-replica': { adapter: 'libsql-server-replica', title: 'libsql-server replica' },
  'turso-sync': { adapter: 'turso-sync', title: 'Turso (new engine), synced copy' },
  litestream: { adapter: 'litestream', title: 'SQLite followed by Litestream' },
  litefs: { adapter: 'litefs', title: 'SQLite on LiteFS' },
  'postgres-local': { adapter: 'postgres', title: 'Postgres, same host' },
  'postgres-standby': { adapter: 'postgres-standby', title: 'Postgres, streaming standby' },
  'postgres-logical': { adapter: 'postgres-logical', title: 'Postgres, logical replication' },
  'd1-worker': { adapter: 'd1', title: 'D1 Worker' },
  'postgres-remote': { adapter: 'postgres', title: 'Postgres, remote', options: { rttMs: REMOTE_RTT_MS } },
}
