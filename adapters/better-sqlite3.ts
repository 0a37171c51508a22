import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Call, Durability, Rows, SyncQuery, SyncSession, Value } from '../bench/contract/index.ts'
import { defineAdapter } from '../bench/contract/index.ts'
import { packageVersion } from './servers/package.ts'

const NO_ROWS: Rows = []

/** `PRAGMA synchronous`, by its number. */
const SYNCHRONOUS = ['off', 'normal', 'full', 'extra'] as const

interface Address {
  readonly file: string
  readonly durability: Durability
}

/** SQLite inside this process: a file in WAL mode, as an application would open it. */
export default defineAdapter({
  id: 'better-sqlite3',
  title: 'SQLite in process (better-sqlite3)',
  dialect: 'sqlite',
  reach: 'in-process',
  defaults: { durability: 'durable' },
  provision: (options, scope) =>
    Promise.resolve({
      address: { file: join(scope.directory, 'sqlatency.db'), durability: options.durability as Durability },
      distance: null,
      servers: [],
      external: false,
    }),
  connect: ({ file, durability }: Address): SyncSession => {
    const database = new Database(file)
    database.pragma('journal_mode = WAL')
    database.pragma(`synchronous = ${durability === 'durable' ? 'FULL' : 'NORMAL'}`)
    database.pragma('busy_timeout = 5000')
    const prepared = new Map<string, Database.Statement>()
    const statement = (text: string): Database.Statement => {
      let known = prepared.get(text)
      if (known === undefined) prepared.set(text, (known = database.prepare(text)))
      return known
    }
    const runAll = database.transaction((calls: readonly Call[]) => {
      for (const [text, args] of calls) {
        const known = statement(text)
        if (known.reader) known.all(args)
        else known.run(args)
      }
    })
    return {
      mode: 'sync',
      prepare(text): SyncQuery {
        const known = statement(text)
        if (known.reader) return (args: readonly Value[]) => known.all(args) as Rows
        return (args: readonly Value[]) => {
          known.run(args)
          return NO_ROWS
        }
      },
      batch: (calls) => runAll.immediate(calls),
      facts() {
        const synchronous = SYNCHRONOUS[database.pragma('synchronous', { simple: true }) as number] ?? 'unknown'
        const journal = String(database.pragma('journal_mode', { simple: true }))
        return {
          durability: synchronous === 'full' || synchronous === 'extra' ? 'durable' : 'relaxed',
          settings: {
            journal_mode: journal,
            synchronous,
            page_size: database.pragma('page_size', { simple: true }) as number,
            cache_size: database.pragma('cache_size', { simple: true }) as number,
            mmap_size: (database.pragma('mmap_size', { simple: true }) as number | undefined) ?? 0,
          },
          versions: {
            sqlite: (database.prepare('SELECT sqlite_version() AS version').get() as { version: string }).version,
            'better-sqlite3': packageVersion('better-sqlite3'),
          },
        }
      },
      close: () => void database.close(),
    }
  },
})
