import type { Adapter } from '../bench/contract/index.ts'

/** Built-in adapters by id, loaded when they are used: a round's process imports one driver and no other. */
export const adapters: Readonly<Record<string, () => Promise<Adapter>>> = {
  null: () => load(import('./null.ts')),
  'better-sqlite3': () => load(import('./better-sqlite3.ts')),
  postgres: () => load(import('./postgres.ts')),
  'postgres-standby': () => load(import('./postgres-standby.ts')),
  'postgres-logical': () => load(import('./postgres-logical.ts')),
  'postgres-to-sqlite': () => load(import('./postgres-to-sqlite.ts')),
  libsql: () => load(import('./libsql.ts')),
  'libsql-server-replica': () => load(import('./libsql-server-replica.ts')),
  'turso-sync': () => load(import('./turso-sync.ts')),
  litestream: () => load(import('./litestream.ts')),
  litefs: () => load(import('./litefs.ts')),
  d1: () => load(import('./d1/index.ts')),
}

/** Options and addresses are each adapter's own business: outside, they are passed on and never looked into. */
async function load(module: Promise<{ default: unknown }>): Promise<Adapter> {
  return (await module).default as Adapter
}
