import Database from 'better-sqlite3'

/** An empty SQLite file in WAL mode, with one page: what has no page is copied by nobody. */
export function makeDatabase(file: string): void {
  const database = new Database(file)
  database.pragma('journal_mode = WAL')
  database.pragma('user_version = 1')
  database.close()
}
