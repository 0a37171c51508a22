import type Database from 'better-sqlite3'
import type { Value } from '../../bench/contract/index.ts'
import { quoteName } from '../../bench/contract/index.ts'
import type { Texts } from './change.ts'

/** A table of the SQLite file, seen from the feeder. */
export class CopiedTable {
  readonly #database: Database.Database
  readonly #name: string
  readonly #types: ReadonlyMap<string, string>
  readonly #key: string
  readonly #prepared = new Map<string, Database.Statement>()

  constructor(database: Database.Database, name: string) {
    const columns = database.pragma(`table_info(${quoteName(name)})`) as { name: string; type: string; pk: number }[]
    const key = columns.find(({ pk }) => pk === 1)
    if (key === undefined) throw new Error(`the SQLite file has no table ${name}, so nothing can be changed in it`)
    this.#database = database
    this.#name = name
    this.#types = new Map(columns.map((column) => [column.name, column.type]))
    this.#key = key.name
  }

  insert(row: Texts): void {
    const names = Object.keys(row)
    const places = names.map(() => '?').join(', ')
    this.#run(`INSERT INTO ${quoteName(this.#name)} (${listed(names)}) VALUES (${places})`, this.#values(row))
  }

  update(key: string, row: Texts): void {
    const changes = Object.keys(row).map((name) => `${quoteName(name)} = ?`)
    this.#run(`UPDATE ${quoteName(this.#name)} SET ${changes.join(', ')} WHERE ${quoteName(this.#key)} = ?`, [
      ...this.#values(row),
      this.#value(this.#key, key),
    ])
  }

  delete(key: string): void {
    this.#run(`DELETE FROM ${quoteName(this.#name)} WHERE ${quoteName(this.#key)} = ?`, [this.#value(this.#key, key)])
  }

  /** Anything but one row means that a change was lost, or came twice. */
  #run(text: string, values: readonly Value[]): void {
    let statement = this.#prepared.get(text)
    if (statement === undefined) this.#prepared.set(text, (statement = this.#database.prepare(text)))
    const { changes } = statement.run(values)
    if (changes !== 1)
      throw new Error(`a change of ${this.#name} met ${changes} rows of the SQLite file instead of one`)
  }

  #values(row: Texts): Value[] {
    return Object.entries(row).map(([name, text]) => this.#value(name, text))
  }

  #value(name: string, text: string | null): Value {
    return text === null ? null : decode(text, this.#types.get(name) ?? '')
  }
}

const listed = (names: readonly string[]): string => names.map(quoteName).join(', ')

/** The value that PostgreSQL wrote out, by the type that the column has in SQLite. */
function decode(text: string, type: string): Value {
  switch (type) {
    case 'INTEGER':
      return BigInt(text)
    case 'REAL':
      if (text === 'NaN') throw new Error('SQLite has no NaN')
      return Number(text)
    case 'TEXT':
      return text
    case 'BLOB':
      return Buffer.from(text.slice('\\x'.length), 'hex')
    default:
      throw new Error(`a column of the type "${type}" is not known`)
  }
}
