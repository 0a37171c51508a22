import type { ColumnType, Dialect, Row, RowCount, Value } from '../../bench/contract/index.ts'
import {
  ddl,
  defineTable,
  insertText,
  quoteName,
  restoreText,
  rowCount,
  tableTexts,
  textFor,
} from '../../bench/contract/index.ts'

/** The tables of the conformance suite, every text that it sends, and how values of different drivers compare. */

const WHOLE: readonly Value[] = [
  0,
  1,
  -1,
  255,
  2 ** 31,
  -(2 ** 31) - 1,
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
  null,
]
const FRACTION: readonly Value[] = [0.1, 1e-7, -2.5, 0, 1 / 3, 1e21, 1.797_693_134_862_315_7e308, 7, null]
const WORDS: readonly Value[] = [
  '',
  ' ',
  'plain',
  `it's "quoted" \\ \`and\` so on`,
  'two\nlines\r\n\tand a tab',
  'naïve Straße 漢字 кот عربى',
  'e\u0301 is not \u00e9',
  '👩‍👩‍👧‍👦 🇨🇭 𝕊',
  '$1 ? :name @name %s ${x} {{x}}',
  `'; DROP TABLE "sqlatency_conformance"; --`,
  'long '.repeat(1500),
  null,
]
const DOCUMENT: readonly Value[] = [
  '{"a":1,"b":[true,false,null,"é\\"\\n"],"c":{}}',
  '[]',
  '{}',
  '"text"',
  '0.5',
  '{"deep":[[[[{"x":-1}]]]]}',
  null,
]

const at = (values: readonly Value[], key: number): Value => values[key % values.length]!

/** 50 rows make two full INSERTs and a rest on SQLite. */
export const table = defineTable({
  name: 'sqlatency_conformance',
  columns: { id: 'key', whole: 'integer', fraction: 'real', words: 'text', document: 'json' },
  indexes: [['whole'], ['words', 'id']],
  rows: 50,
  row: (key) => [key, at(WHOLE, key), at(FRACTION, key), at(WORDS, key), at(DOCUMENT, key)],
})

export const bytesTable = defineTable({
  name: 'sqlatency_bytes',
  columns: { id: 'key', content: 'bytes' },
  rows: 3,
  row: (key) => [key, [new Uint8Array(), Uint8Array.from({ length: 256 }, (_, byte) => byte), null][key - 1]!],
})

const markers = defineTable({
  name: 'sqlatency_marker',
  columns: { id: 'key', seq: 'integer' },
  rows: 0,
  row: () => [],
})

const TABLES = [table, bytesTable, markers]
export const count: RowCount = rowCount(1)

export function textsFor(dialect: Dialect) {
  const columns = Object.keys(table.columns).map(quoteName).join(', ')
  const text = (statement: string): string => textFor(statement, dialect)
  return {
    create: TABLES.flatMap((each) => ddl(each, dialect)),
    drop: TABLES.map(({ name }) => `DROP TABLE ${quoteName(name)}`),
    insertOne: insertText(table, 1, dialect),
    restore: restoreText(table, dialect),
    all: `SELECT ${columns} FROM ${quoteName(table.name)} ORDER BY "id"`,
    one: text(`SELECT ${columns} FROM ${quoteName(table.name)} WHERE "id" = $1`),
    between: text(`SELECT "id" FROM ${quoteName(table.name)} WHERE "id" >= $1 AND "id" < $2 ORDER BY "id"`),
    update: text(`UPDATE ${quoteName(table.name)} SET "whole" = $1, "words" = $2 WHERE "id" = $3`),
    allBytes: `SELECT "id", "content" FROM ${quoteName(bytesTable.name)} ORDER BY "id"`,
    wrong: 'SELECT "nothing" FROM "sqlatency_missing"',
  }
}

/** What a job has to declare. */
export function declaredTexts(dialect: Dialect): string[] {
  const { create, drop, ...others } = textsFor(dialect)
  return [
    ...new Set([
      ...create,
      ...drop,
      ...Object.values(others),
      ...TABLES.flatMap((each) => tableTexts(each, dialect, count)),
    ]),
  ]
}

/** Drivers may give a bigint for a number, parsed JSON for text, and any kind of bytes. Nothing else is forgiven. */
export function canonicalRow(columns: Readonly<Record<string, ColumnType>>, row: Row | readonly Value[]): unknown[] {
  const values: readonly unknown[] = Array.isArray(row) ? row : Object.keys(columns).map((name) => (row as Row)[name])
  return Object.values(columns).map((type, n) => canonical(type, values[n]))
}

function canonical(type: ColumnType, value: unknown): unknown {
  if (value === null || value === undefined) return value
  switch (type) {
    case 'key':
    case 'integer':
      return typeof value === 'number' ? BigInt(value) : value
    case 'json':
      return typeof value === 'string' ? JSON.parse(value) : value
    case 'bytes':
      return Buffer.from(value as Uint8Array).toString('hex')
    case 'real':
    case 'text':
      return value
  }
}
