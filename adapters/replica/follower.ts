import Database from 'better-sqlite3'
import type { Rows, SyncSession } from '../../bench/contract/index.ts'

/** A read-only connection to a file that follows another. */
export interface Follower extends SyncSession {
  /**
   * Forgets the pages that were read, for files that are changed from outside. Litestream writes into the file without counting up what SQLite looks at to know
   * whether its pages are still good, so a connection that is kept would show old ones.
   */
  refresh(): void
}

export function openFollower(file: string): Follower {
  const database = new Database(file, { readonly: true })
  database.pragma('busy_timeout = 10000')
  return {
    mode: 'sync',
    // Prepared at the first call: the tables of a run may not have arrived before.
    prepare(text) {
      let statement: Database.Statement | null = null
      return (args) => (statement ??= database.prepare(text)).all(args) as Rows
    },
    batch() {
      throw new Error('the follower is read-only')
    },
    facts: () => ({ durability: 'undeclared', settings: {}, versions: {} }),
    refresh: () => void database.pragma('shrink_memory'),
    close: () => void database.close(),
  }
}
