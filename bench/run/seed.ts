import type { Call, Dataset, DatasetFacts, Dialect, RowCount, Session, Table, Value } from '../contract/index.ts'
import {
  analyzeText,
  ddl,
  insertText,
  isDefinedAs,
  LIST_DEFINITIONS,
  LIST_STAMPS,
  LIST_TABLES,
  markerTable,
  quoteName,
  restoreText,
  seedCalls,
  seededRow,
  SqlatencyError,
  stampTable,
  unstampCall,
} from '../contract/index.ts'
import { canonicalValue, digest } from './canonical.ts'

/** Statements in one transaction while seeding: enough to share a commit, small enough for one request to a Worker. */
const CALLS_PER_BATCH = 100

export interface SeedJob {
  readonly tables: readonly Table[]
  readonly dialect: Dialect
  readonly seed: number
  readonly count: RowCount
  readonly runId: string
  /** Ends filling between two batches. */
  readonly signal?: AbortSignal
}

/**
 * Creates and fills the tables of a run. A database that holds a table which no stamp names is left alone.
 * @param created is told of every table before it is created, for `unseed`: seeding may fail half-way
 * @returns the tables that were created now
 */
export async function seed(session: Session, job: SeedJob, created: Table[] = []): Promise<Table[]> {
  const { dialect, count } = job
  const wanted = [stampTable, markerTable, ...job.tables]
  const present = new Set((await ask(session, LIST_TABLES[dialect])).map((row) => String(row.name)))
  const stamps = present.has(stampTable.name) ? await ask(session, LIST_STAMPS) : []
  const stamped = new Set(stamps.map((row) => String(row.name)))
  const others = stamps.length === 0 ? [] : await definedOtherwise(session, wanted, dialect)
  const foreign = [...present].filter(
    (name) => name !== stampTable.name && (!stamped.has(name) || others.includes(name)),
  )
  if (foreign.length > 0) {
    const names = foreign.slice(0, 3).join(', ') + (foreign.length > 3 ? ', ...' : '')
    throw new SqlatencyError(
      'FOREIGN_TABLES',
      `The database holds ${foreign.length} table(s) that sqlatency did not make: ${names}.`,
    )
  }
  const missing = wanted.filter((table) => !present.has(table.name))
  created.push(...missing)
  if (missing.length > 0) {
    // The stamp comes first: a table without one would lock the next run out.
    if (missing.includes(stampTable)) for (const text of ddl(stampTable, dialect)) await ask(session, text)
    const added = missing.filter((table) => table !== stampTable)
    const stamp = insertText(stampTable, 1, dialect)
    const last = Math.max(0, ...stamps.map((row) => Number(row.id)))
    await session.batch(
      added.flatMap((table, n): Call[] => [
        unstampCall(table, dialect),
        [stamp, [last + n + 1, table.name, job.runId]],
      ]),
    )
    for (const table of added) await ask(session, ddl(table, dialect)[0]!)
  }
  for (const table of wanted) {
    if (table === stampTable) continue
    if (present.has(table.name)) await ask(session, restoreText(table, dialect), [0])
    await fill(session, table, job, count)
    // Indexes are quicker to build than to keep up.
    if (!present.has(table.name)) for (const text of ddl(table, dialect).slice(1)) await ask(session, text)
    if (dialect === 'postgres') await ask(session, analyzeText(table))
  }
  return created
}

/** Names of tables that are defined otherwise than ours of that name: a stamp may have outlived its table. */
async function definedOtherwise(session: Session, wanted: readonly Table[], dialect: Dialect): Promise<string[]> {
  const rows = await ask(session, LIST_DEFINITIONS[dialect])
  return rows.flatMap(({ name, definition }) => {
    const table = wanted.find((one) => one.name === name)
    return table === undefined || isDefinedAs(table, String(definition), dialect) ? [] : [table.name]
  })
}

async function fill(session: Session, table: Table, job: SeedJob, count: RowCount): Promise<void> {
  let calls: Call[] = []
  for (const call of seedCalls(table, job.dialect, job.seed, count)) {
    calls.push(call)
    if (calls.length < CALLS_PER_BATCH) continue
    await session.batch(calls)
    job.signal?.throwIfAborted()
    calls = []
  }
  if (calls.length > 0) await session.batch(calls)
}

/**
 * Drops what `seed` created, or was about to, in a database that is not ours. Each table goes with its stamp: one that stayed
 * would make a later table of that name ours.
 */
export async function unseed(session: Session, created: readonly Table[], dialect: Dialect): Promise<void> {
  // A session that still holds a lock must not keep the run from ending.
  if (dialect === 'postgres') await ask(session, "SET lock_timeout = '5s'")
  const present = (await ask(session, LIST_TABLES[dialect])).map((row) => row.name)
  for (const table of created.toReversed()) {
    const isStamped = table !== stampTable && present.includes(stampTable.name)
    const drop: Call = [`DROP TABLE ${quoteName(table.name)}`, []]
    const calls = [...(present.includes(table.name) ? [drop] : []), ...(isStamped ? [unstampCall(table, dialect)] : [])]
    if (calls.length > 0) await session.batch(calls)
  }
}

/** Takes away the rows that operations of a scenario added. */
export async function restore(
  session: Session,
  tables: readonly Table[],
  dialect: Dialect,
  count: RowCount,
): Promise<void> {
  for (const table of tables) await ask(session, restoreText(table, dialect), [count(table)])
}

/** One statement on either kind of session. */
export async function ask(
  session: Session,
  text: string,
  args: readonly Value[] = [],
): Promise<readonly Record<string, unknown>[]> {
  return await session.prepare(text)(args)
}

export function datasetFacts(dataset: Dataset, seedNumber: number, count: RowCount): DatasetFacts {
  return {
    id: dataset.id,
    title: dataset.title,
    hash: digest(datasetLines(dataset, seedNumber, count)),
    tables: dataset.tables.map((table) => ({ name: table.name, rows: count(table) })),
  }
}

function* datasetLines(dataset: Dataset, seedNumber: number, count: RowCount): Generator<string> {
  for (const table of dataset.tables) {
    yield* ddl(table, 'postgres')
    for (let key = 1; key <= count(table); key += 1)
      yield seededRow(table, key, seedNumber, count).map(canonicalValue).join(',')
  }
}
