import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { connect, Database } from '@tursodatabase/sync'
import type { Rows, Value } from '../../bench/contract/index.ts'
import { codeOf, messageOf, SqlatencyError } from '../../bench/contract/index.ts'

/** Plain data that every session of a run is opened from. */
export interface SyncAddress {
  /** As the application reaches the server. */
  readonly url: string
  /** The same server without a distance, for seeding. */
  readonly besideServer: string
  readonly authToken: string | null
  /** Of the distance to the server that was asked for. */
  readonly rttNs: number
  /** Where every session makes a copy of its own. */
  readonly directory: string
}

/** A copy of the database in this process, with what goes to and comes from the server under its own name. */
export interface Copy {
  /** A statement of the local copy. */
  prepare(text: string): (args: readonly Value[]) => Promise<Rows>
  exec(text: string): Promise<void>
  /** Sends own changes; settles when the server has them. */
  push(): Promise<void>
  /** Fetches the changes of others. */
  pull(): Promise<void>
  close(): Promise<void>
}

interface Statement {
  all(...args: Value[]): Promise<Rows>
}

/** A fresh copy, filled from the server. Its folder goes when it is closed. */
export async function openCopy({ url, authToken, directory }: SyncAddress): Promise<Copy> {
  const client = await loadClient()
  const folder = await mkdtemp(join(directory, 'copy-'))
  let database: Database
  try {
    database = await client.connect({
      path: join(folder, 'copy.db'),
      url,
      clientName: 'sqlatency',
      ...(authToken === null ? {} : { authToken }),
    })
    await database.pull()
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw plain(error)
  }
  return {
    prepare(text) {
      const prepared = database.prepare(text) as Promise<Statement>
      // Whoever runs it hears of the failure; nobody may ever do so.
      prepared.catch(() => undefined)
      return (args) => prepared.then((statement) => statement.all(...args)).catch(rethrow)
    },
    exec: (text) => database.exec(text).catch(rethrow),
    push: () => database.push().catch(rethrow),
    pull: () => database.pull().then(() => undefined, rethrow),
    async close() {
      await database.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The native part exists for some platforms only. */
export async function loadClient(): Promise<{ readonly connect: typeof connect }> {
  try {
    return await import('@tursodatabase/sync')
  } catch (error) {
    throw new SqlatencyError(
      'NOT_AVAILABLE',
      `The Turso sync client cannot be loaded: ${messageOf(error).split('\n', 1)[0]}`,
      { remedy: 'Run `npm ci` on Linux, x64, with glibc.' },
      { cause: error },
    )
  }
}

/** `GenericFailure` is the code of everything; what SQLite calls it stands in the text. */
function plain(error: unknown): Error {
  const message = messageOf(error)
  if (/status=40[13]\b/.test(message))
    return new SqlatencyError('ACCESS_DENIED', 'the Turso sync server refused the authToken', {}, { cause: error })
  if (/fetch failed|ECONNREFUSED|ECONNRESET|socket|connect/i.test(message))
    return new SqlatencyError('UNREACHABLE', `the Turso sync server does not answer (${message})`, {}, { cause: error })
  const code = /constraint failed/.test(message) ? 'SQLITE_CONSTRAINT' : codeOf(error)
  return Object.assign(new Error(message, { cause: error }), { code })
}

function rethrow(error: unknown): never {
  throw plain(error)
}
