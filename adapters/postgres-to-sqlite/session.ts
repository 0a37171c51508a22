import type { Client } from 'pg'
import type { AsyncSession, SessionFacts } from '../../bench/contract/index.ts'
import { textFor } from '../../bench/contract/index.ts'
import { sessionOn } from '../postgres/session.ts'
import { asAsync } from '../replica/as-async.ts'
import type { Follower } from '../replica/follower.ts'
import { openFollower } from '../replica/follower.ts'
import { splitSession } from '../replica/split.ts'
import { packageVersion } from '../servers/package.ts'
import type { HybridAddress } from './address.ts'
import { catchUp, stateReader } from './follow.ts'
import { openPrimary } from './primary.ts'

/** `PRAGMA synchronous`, by its number. */
const SYNCHRONOUS = ['off', 'normal', 'full', 'extra'] as const

/** Reads are answered by the SQLite file in this process, everything else by PostgreSQL. */
export async function openSession(address: HybridAddress): Promise<AsyncSession> {
  const client = await openPrimary(address.primary)
  const follower = openFollower(address.file)
  const state = stateReader(follower)
  try {
    await catchUp(client, state, address)
  } catch (error) {
    follower.close()
    await client.end()
    throw error
  }
  const session = splitSession({
    replica: asAsync(inSqlite(follower, address)),
    primary: sessionOn(client),
    readYourWrites: address.readYourWrites,
    catchUp: () => catchUp(client, state, address),
  })
  return { ...session, facts: async () => factsOf(await session.facts(), client, follower, state().synchronous) }
}

/** Statements come in PostgreSQL's words. */
function inSqlite(follower: Follower, { sqliteTexts }: HybridAddress): Follower {
  const textOf = (text: string): string =>
    Object.hasOwn(sqliteTexts, text) ? sqliteTexts[text]! : textFor(text, 'sqlite')
  return { ...follower, prepare: (text) => follower.prepare(textOf(text)) }
}

/** A write is as durable as PostgreSQL makes it. The SQLite file is not (`copy_synchronous`), and can be made anew. */
async function factsOf(
  facts: SessionFacts,
  client: Client,
  follower: Follower,
  synchronous: number,
): Promise<SessionFacts> {
  const { rows } = await client.query<{ wal_level: string }>("SELECT current_setting('wal_level') AS wal_level")
  const ask = (text: string): string => String(Object.values(follower.prepare(text)([])[0]!)[0])
  return {
    ...facts,
    settings: {
      ...facts.settings,
      wal_level: rows[0]!.wal_level,
      copy_journal_mode: ask('PRAGMA journal_mode'),
      copy_synchronous: SYNCHRONOUS[synchronous] ?? 'unknown',
    },
    versions: {
      ...facts.versions,
      sqlite: ask('SELECT sqlite_version()'),
      'better-sqlite3': packageVersion('better-sqlite3'),
    },
  }
}
