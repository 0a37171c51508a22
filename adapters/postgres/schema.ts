import type { Client, QueryResult } from 'pg'
import type { Durability, Scope } from '../../bench/contract/index.ts'
import { messageOf, SqlatencyError } from '../../bench/contract/index.ts'
import type { Address } from './client.ts'
import { withClient } from './client.ts'

/** All tables live in a schema of their own that carries a mark. A schema of that name without it is somebody else's. */
export const SCHEMA = 'sqlatency'
const MARK = 'created by sqlatency'

const FIND = `SELECT obj_description(oid, 'pg_namespace') AS mark FROM pg_namespace WHERE nspname = '${SCHEMA}'`

/** One round trip; the lock (an arbitrary number) keeps two sessions from making the schema at once. */
const CREATE = `DO $$ BEGIN
  PERFORM pg_advisory_xact_lock(739155018421);
  IF to_regnamespace('${SCHEMA}') IS NULL THEN
    CREATE SCHEMA ${SCHEMA};
    COMMENT ON SCHEMA ${SCHEMA} IS '${MARK}';
  END IF;
END $$`

/** Sets a session up in one round trip, two more where the schema is missing. */
export async function settle(client: Client, durability: Durability): Promise<void> {
  const level = durability === 'relaxed' ? 'off' : 'on'
  const mark = await findMark(client, `SET search_path = ${SCHEMA}; SET synchronous_commit = ${level};`)
  if (mark !== undefined) return refuseForeign(mark)
  await client.query(CREATE)
  refuseForeign(await findMark(client))
}

/**
 * For a database that was there before: what it holds stays, and the schema is dropped at the end only if this run makes it.
 * @returns whether it will be dropped, and every table with it
 */
export async function dropLater(address: Address, scope: Scope): Promise<boolean> {
  const mark = await withClient(address, (client) => findMark(client))
  if (mark !== undefined) {
    refuseForeign(mark)
    return false
  }
  scope.defer(async () => {
    try {
      await withClient(address, drop)
    } catch (error) {
      throw new Error(`the database may still hold the schema "${SCHEMA}": ${messageOf(error)}`, { cause: error })
    }
  })
  return true
}

async function drop(client: Client): Promise<void> {
  if ((await findMark(client)) !== MARK) return
  // A session that still holds a lock must not keep the run from ending.
  await client.query(`SET lock_timeout = '5s'; DROP SCHEMA ${SCHEMA} CASCADE`)
}

/** The schema's comment; undefined where there is no such schema. */
async function findMark(client: Client, before = ''): Promise<string | null | undefined> {
  const results: unknown = await client.query(`${before} ${FIND}`)
  const last = (Array.isArray(results) ? results.at(-1) : results) as QueryResult<{ mark: string | null }>
  return last.rows[0]?.mark
}

function refuseForeign(mark: string | null | undefined): void {
  if (mark === MARK) return
  throw new SqlatencyError(
    'FOREIGN_TABLES',
    `The database already has a schema "${SCHEMA}" that sqlatency did not make.`,
  )
}
