import type { Durability, SessionFacts } from '../../bench/contract/index.ts'
import { codeOf } from '../../bench/contract/index.ts'
import { libsqlVersion } from '../servers/libsql-server.ts'
import { packageVersion } from '../servers/package.ts'
import type { ServerAddress } from './address.ts'
import type { Pipeline } from './pipeline.ts'
import { openPipeline } from './pipeline.ts'

/** `PRAGMA synchronous`, by its number. */
const SYNCHRONOUS = ['off', 'normal', 'full', 'extra'] as const

/**
 * Settings of the primary, because that is where writes are committed; the replica's own file can be fetched again.
 * A primary that does not answer PRAGMA has undeclared durability.
 */
export async function readFacts(address: ServerAddress, settings: SessionFacts['settings']): Promise<SessionFacts> {
  const pipeline = openPipeline(address.primaryUrl, address.authToken)
  try {
    const journal = await answerOrNull(pipeline, 'PRAGMA journal_mode')
    const level = await answerOrNull(pipeline, 'PRAGMA synchronous')
    const synchronous = level === null ? null : (SYNCHRONOUS[Number(level)] ?? 'unknown')
    return {
      durability: durability(synchronous),
      settings: { journal_mode: journal, synchronous, ...settings },
      versions: {
        'libsql-server': await libsqlVersion(address.primaryUrl),
        sqlite: (await answerOrNull(pipeline, 'SELECT sqlite_version()')) ?? 'unknown',
        '@libsql/client': packageVersion('@libsql/client'),
        libsql: packageVersion('libsql'),
      },
    }
  } finally {
    pipeline.close()
  }
}

function durability(synchronous: string | null): Durability {
  if (synchronous === 'full' || synchronous === 'extra') return 'durable'
  return synchronous === 'normal' || synchronous === 'off' ? 'relaxed' : 'undeclared'
}

/** Null where the primary refuses the statement; a primary that cannot be reached is an error. */
async function answerOrNull(pipeline: Pipeline, sql: string): Promise<string | null> {
  try {
    const { first } = await pipeline.execute(sql)
    return first === null ? null : String(first)
  } catch (error) {
    if (codeOf(error) === 'BACKEND_FAILED') return null
    throw error
  }
}
