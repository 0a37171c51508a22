import type { ColumnType } from '../../bench/contract/index.ts'
import { ddl, quoteName } from '../../bench/contract/index.ts'
import type { Definition } from './change.ts'

/** What tables of a run are made of on PostgreSQL (bench/contract/dataset.ts). */
const COLUMN_TYPES: Readonly<Record<string, ColumnType>> = {
  bigint: 'integer',
  'double precision': 'real',
  text: 'text',
  jsonb: 'json',
  bytea: 'bytes',
}

/** The same table or index in SQLite. */
export function definitionText(definition: Definition): string {
  switch (definition.kind) {
    case 'create table': {
      const columns = definition.columns.map(({ name, type, isKey }) => [
        name,
        columnType(definition.table, type, isKey),
      ])
      const table = { name: definition.table, columns: Object.fromEntries(columns), rows: 0, row: () => [] }
      return ddl(table, 'sqlite')[0]!
    }
    case 'create index': {
      const { index, table, columns, isUnique } = definition
      const unique = isUnique ? 'UNIQUE ' : ''
      return `CREATE ${unique}INDEX ${quoteName(index)} ON ${quoteName(table)} (${columns.map(quoteName).join(', ')})`
    }
    case 'drop table':
      return `DROP TABLE ${quoteName(definition.table)}`
    case 'drop index':
      return `DROP INDEX ${quoteName(definition.index)}`
  }
}

function columnType(table: string, type: string, isKey: boolean): ColumnType {
  const found = COLUMN_TYPES[type]
  if (found === undefined || (isKey && found !== 'integer'))
    throw new Error(
      `the table ${table} has a ${isKey ? 'key' : 'column'} of the type ${type}, which is not brought over`,
    )
  return isKey ? 'key' : found
}
