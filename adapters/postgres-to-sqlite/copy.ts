import Database from 'better-sqlite3'
import { quoteName } from '../../bench/contract/index.ts'
import type { Change } from './change.ts'
import { definitionText } from './definition.ts'
import { CopiedTable } from './table.ts'

/** Where the feeder keeps how far it is. No table of a run begins like this. */
const STATE = 'sqlatency_feed'

/** One row: the position, and what the feeder's own connection says of how it writes. Columns without a type keep a number a number. */
const CREATE_STATE = `CREATE TABLE ${STATE} (id INTEGER PRIMARY KEY, position, synchronous)`
export const READ_STATE = `SELECT position, synchronous FROM ${STATE} WHERE id = 1`

export type Position = number | string

/** A new SQLite file that is empty and stands at a position. */
export function createCopy(file: string, position: Position): void {
  const database = new Database(file)
  database.pragma('journal_mode = WAL')
  database.exec(CREATE_STATE)
  database.prepare(`INSERT INTO ${STATE} (id, position) VALUES (1, ?)`).run(position)
  database.close()
}

/**
 * The feeder's side of the SQLite file. What was applied and the position stand in one transaction, so a feeder that is
 * killed neither loses nor repeats. `synchronous` is NORMAL: losing power may take the last transactions, and their position with
 * them; PostgreSQL has them all, and the file can be made anew.
 */
export class Copy {
  readonly #database: Database.Database
  readonly #tables = new Map<string, CopiedTable>()
  #position: Position

  constructor(file: string) {
    this.#database = new Database(file, { fileMustExist: true })
    this.#database.pragma('synchronous = NORMAL')
    this.#database.pragma('busy_timeout = 5000')
    const synchronous = this.#database.pragma('synchronous', { simple: true }) as number
    this.#database.prepare(`UPDATE ${STATE} SET synchronous = ? WHERE id = 1`).run(synchronous)
    this.#position = (this.#database.prepare(READ_STATE).get() as { position: Position }).position
  }

  /** Of what is committed. */
  get position(): Position {
    return this.#position
  }

  /** Changes are in no file before `commit`. @throws when a change does not meet exactly the row that it is about */
  apply(change: Change): void {
    this.#begin()
    switch (change.kind) {
      case 'insert':
        return this.#table(change.table).insert(change.row)
      case 'update':
        return this.#table(change.table).update(change.key, change.row)
      case 'delete':
        return this.#table(change.table).delete(change.key)
      case 'truncate':
        return void this.#database.exec(`DELETE FROM ${quoteName(change.table)}`)
      default:
        this.#tables.clear()
        this.#database.exec(definitionText(change))
    }
  }

  commit(position: Position): void {
    this.#begin()
    this.#database.prepare(`UPDATE ${STATE} SET position = ? WHERE id = 1`).run(position)
    this.#database.exec('COMMIT')
    this.#position = position
  }

  #begin(): void {
    if (!this.#database.inTransaction) this.#database.exec('BEGIN IMMEDIATE')
  }

  #table(name: string): CopiedTable {
    let table = this.#tables.get(name)
    if (table === undefined) this.#tables.set(name, (table = new CopiedTable(this.#database, name)))
    return table
  }
}
