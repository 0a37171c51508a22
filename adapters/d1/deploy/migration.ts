import type { Dataset, Table } from '../../../bench/contract/index.ts'
import { ddl, markerTable, stampTable } from '../../../bench/contract/index.ts'

/**
 * SQL of the first migration: every table, and the stamps that tell the harness that they are its own.
 * It is generated: migrations.test.ts holds the committed file to it, and `vitest run adapters/d1/deploy -u` writes it anew.
 * D1 remembers migrations by file name, so after a change a deployed database has to be deleted and created again;
 * it holds nothing but seeded rows.
 */
export function migrationSql(datasets: readonly Dataset[]): string {
  const tables = [markerTable, ...datasets.flatMap((dataset) => dataset.tables)]
  const sections = [
    ['-- Generated from the datasets; see ../migration.ts.'],
    created(stampTable),
    ...tables.map(created),
    tables.map(
      ({ name }, n) =>
        `INSERT INTO "${stampTable.name}" ("id", "name", "run") VALUES (${n + 1}, '${name}', 'migration');`,
    ),
  ]
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

const created = (table: Table): string[] => ddl(table, 'sqlite').map((statement) => `${statement};`)
