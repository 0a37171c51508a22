import type { Random } from './random.ts'
import { seededRandom } from './random.ts'
import type { Call, Dialect, Value } from './sql.ts'
import { quoteName, textFor } from './sql.ts'

/** `key` is the integer primary key, counted from 1. `json` is jsonb on Postgres and text on SQLite. */
export type ColumnType = 'key' | 'integer' | 'real' | 'text' | 'json' | 'bytes'

/** How many rows a table has at the scale of this run. */
export type RowCount = (table: Table) => number

/** A table as data: DDL, indexes and seeding all come from here. */
export interface Table {
  readonly name: string
  /** In order. The first column is the key. */
  readonly columns: Readonly<Record<string, ColumnType>>
  readonly indexes?: readonly (readonly string[])[]
  /** Rows at scale 1. */
  readonly rows: number
  /** Values of row `key` (1 ... rows) in column order. Must depend on its arguments only. */
  row(key: number, random: Random, count: RowCount): readonly Value[]
}

export interface Dataset {
  readonly id: string
  readonly title: string
  readonly tables: readonly Table[]
}

export const defineDataset = (dataset: Dataset): Dataset => dataset
export const defineTable = (table: Table): Table => table

/** Rows of a table at a scale; a seeded table keeps at least one. */
export const rowCount =
  (scale: number): RowCount =>
  (table) =>
    table.rows === 0 ? 0 : Math.max(1, Math.round(table.rows * scale))

export function keyColumn(table: Table): string {
  const [first] = Object.entries(table.columns)
  if (first === undefined || first[1] !== 'key')
    throw new TypeError(`the first column of ${table.name} must be its key`)
  return first[0]
}

const TYPES: Readonly<Record<Dialect, Readonly<Record<ColumnType, string>>>> = {
  sqlite: {
    key: 'INTEGER PRIMARY KEY',
    integer: 'INTEGER',
    real: 'REAL',
    text: 'TEXT',
    json: 'TEXT',
    bytes: 'BLOB',
  },
  postgres: {
    key: 'bigint PRIMARY KEY',
    integer: 'bigint',
    real: 'double precision',
    text: 'text',
    json: 'jsonb',
    bytes: 'bytea',
  },
}

/** CREATE TABLE and CREATE INDEX, one statement an element. */
export function ddl(table: Table, dialect: Dialect): string[] {
  keyColumn(table)
  const columns = Object.entries(table.columns).map(([name, type]) => `${quoteName(name)} ${TYPES[dialect][type]}`)
  return [
    `CREATE TABLE ${quoteName(table.name)} (${columns.join(', ')})`,
    ...(table.indexes ?? []).map(
      (index) =>
        `CREATE INDEX ${quoteName([table.name, ...index].join('_'))} ON ${quoteName(table.name)} (${index.map(quoteName).join(', ')})`,
    ),
  ]
}

/**
 * Parameters in one INSERT. D1 takes 100 a statement, and one limit for all of SQLite keeps the texts few;
 * Postgres takes 65,535, and over a long distance few statements are what counts.
 */
const PARAMETERS: Readonly<Record<Dialect, number>> = { sqlite: 100, postgres: 32_000 }

function rowsPerInsert(table: Table, dialect: Dialect): number {
  return Math.max(1, Math.floor(PARAMETERS[dialect] / Object.keys(table.columns).length))
}

/** INSERT of that many rows in one statement. */
export function insertText(table: Table, rows: number, dialect: Dialect): string {
  const columns = Object.keys(table.columns)
  let parameter = 0
  const tuples = Array.from({ length: rows }, () => `(${columns.map(() => `$${(parameter += 1)}`).join(', ')})`)
  return textFor(
    `INSERT INTO ${quoteName(table.name)} (${columns.map(quoteName).join(', ')}) VALUES ${tuples.join(', ')}`,
    dialect,
  )
}

/** The seeded rows of a table as INSERTs of many rows each. */
export function* seedCalls(table: Table, dialect: Dialect, seed: number, count: RowCount): Generator<Call> {
  const total = count(table)
  const step = rowsPerInsert(table, dialect)
  const full = insertText(table, step, dialect)
  for (let key = 1; key <= total; key += step) {
    const rows = Math.min(step, total - key + 1)
    const args: Value[] = []
    for (let offset = 0; offset < rows; offset += 1) args.push(...seededRow(table, key + offset, seed, count))
    yield [rows === step ? full : insertText(table, rows, dialect), args]
  }
}

/** Row `key` of a seeded table; its randomness depends on seed, table and key alone. */
export function seededRow(table: Table, key: number, seed: number, count: RowCount): readonly Value[] {
  return table.row(key, seededRandom(seed, table.name, key), count)
}

/** Takes away what write scenarios added: `DELETE ... WHERE key > $1`. */
export function restoreText(table: Table, dialect: Dialect): string {
  return textFor(`DELETE FROM ${quoteName(table.name)} WHERE ${quoteName(keyColumn(table))} > $1`, dialect)
}

/**
 * Refreshes the planner's statistics after filling. Without it, Postgres would find them out by itself some minute later,
 * in the middle of a run, and change its plans then. SQLite never does so by itself, and libsql-server knows no ANALYZE.
 */
export const analyzeText = (table: Table): string => `ANALYZE ${quoteName(table.name)}`

/** Every text that creating, filling, emptying and restoring a table sends; for backends that take named statements only. */
export function tableTexts(table: Table, dialect: Dialect, count: RowCount): string[] {
  const step = rowsPerInsert(table, dialect)
  const rest = count(table) % step
  return [
    ...ddl(table, dialect),
    `DROP TABLE ${quoteName(table.name)}`,
    insertText(table, step, dialect),
    ...(rest === 0 ? [] : [insertText(table, rest, dialect)]),
    restoreText(table, dialect),
  ]
}

/** Names the tables that the harness made in a database. A database that holds tables without it is not touched. */
export const stampTable = defineTable({
  name: 'sqlatency_stamp',
  columns: { id: 'key', name: 'text', run: 'text' },
  rows: 0,
  row: (key) => [key, '', ''],
})

/** Where replication lag is observed. */
export const markerTable = defineTable({
  name: 'sqlatency_marker',
  columns: { id: 'key', seq: 'integer' },
  rows: 0,
  row: (key) => [key, 0],
})

/** Tables of the connected database or schema, without those of the engine itself. */
export const LIST_TABLES: Readonly<Record<Dialect, string>> = {
  sqlite:
    "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_' AND substr(name, 1, 4) <> '_cf_' " +
    "AND substr(name, 1, 7) <> 'libsql_' AND substr(name, 1, 6) <> 'turso_' AND substr(name, 1, 12) <> '_litestream_' AND substr(name, 1, 8) <> '__turso_' AND name <> 'd1_migrations' ORDER BY name",
  postgres:
    'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY table_name',
}

export const LIST_STAMPS = 'SELECT id, name FROM sqlatency_stamp ORDER BY id'

const UNSTAMP = 'DELETE FROM sqlatency_stamp WHERE name = $1'

/** Takes the stamp of a table away. */
export const unstampCall = (table: Table, dialect: Dialect): Call => [textFor(UNSTAMP, dialect), [table.name]]

/** How the tables of the connected database or schema were defined, for `isDefinedAs`. */
export const LIST_DEFINITIONS: Readonly<Record<Dialect, string>> = {
  sqlite: "SELECT name, sql AS definition FROM sqlite_master WHERE type = 'table'",
  postgres:
    "SELECT table_name AS name, string_agg(column_name, ',' ORDER BY ordinal_position) AS definition " +
    'FROM information_schema.columns WHERE table_schema = current_schema() GROUP BY table_name',
}

/** Whether what `LIST_DEFINITIONS` tells is this very table. Engines of SQLite keep the text, some without quotes and spaces. */
export function isDefinedAs(table: Table, definition: string, dialect: Dialect): boolean {
  if (dialect === 'postgres') return definition === Object.keys(table.columns).join(',')
  return bare(definition) === bare(ddl(table, dialect)[0]!)
}

const bare = (text: string): string => text.replaceAll(/["\s]/g, '').toLowerCase()

/** Every text that setting up, seeding and clearing these tables sends. */
export function seedingTexts(tables: readonly Table[], dialect: Dialect, count: RowCount): string[] {
  const own = [stampTable, markerTable].flatMap((table) => [
    ...tableTexts(table, dialect, count),
    insertText(table, 1, dialect),
  ])
  return [
    ...new Set([
      LIST_TABLES[dialect],
      LIST_STAMPS,
      LIST_DEFINITIONS[dialect],
      textFor(UNSTAMP, dialect),
      ...own,
      ...tables.flatMap((table) => tableTexts(table, dialect, count)),
    ]),
  ]
}
