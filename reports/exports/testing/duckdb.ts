import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'

type Row = Record<string, string | number | null>

/** What DuckDB, which shares no code with the writer, reads of a file; relative paths start at `folder`. */
export async function duckdb(folder: string, sql: string): Promise<Row[]> {
  const database = await DuckDBInstance.create(':memory:')
  const connection = await database.connect()
  try {
    await connection.run(`SET file_search_path = '${folder}'`)
    const rows = (await connection.runAndReadAll(sql)).getRowObjectsJS()
    return rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [
          name,
          typeof value === 'bigint' ? Number(value) : (value as string),
        ]),
      ),
    )
  } finally {
    connection.closeSync()
    database.closeSync()
  }
}

export async function queryParquet(chunks: Iterable<Uint8Array>, columns: string): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sqlatency-parquet-'))
  try {
    writeFileSync(join(folder, 'samples.parquet'), Buffer.concat([...chunks]))
    return await duckdb(folder, `SELECT ${columns} FROM 'samples.parquet'`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
