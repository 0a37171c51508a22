import { SqlatencyError } from '../../bench/contract/index.ts'
import type { ServerAddress } from '../libsql/address.ts'
import { openPipeline } from '../libsql/pipeline.ts'
import type { PairAddress } from './address.ts'
import { openFrames } from './frames.ts'

const CATCH_UP_MS = 10_000
const SCHEMA = "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema ORDER BY type, name)"

/**
 * Refuses two servers of which the second does not follow the first. They tell no identity, so it is seen by what they hold:
 * the replica reaches the primary's frame, and then both have the same schema. Two empty ones pass; what is seeded then shows at one alone,
 * and nothing is measured.
 */
export async function checkPair(address: PairAddress): Promise<void> {
  if (address.primary.primaryUrl === address.replica.primaryUrl)
    throw refused('url and replicaUrl lead to the same server; give the replica as the second.')
  const frames = openFrames(address)
  try {
    await frames.catchUp(CATCH_UP_MS)
  } finally {
    frames.close()
  }
  if ((await schemaOf(address.primary)) !== (await schemaOf(address.replica)))
    throw refused(
      'The two servers hold different tables, so the second does not follow the first; give a replica of that primary.',
    )
}

async function schemaOf({ primaryUrl, authToken }: ServerAddress): Promise<string | number | null> {
  const pipeline = openPipeline(primaryUrl, authToken)
  try {
    return (await pipeline.execute(SCHEMA)).first
  } finally {
    pipeline.close()
  }
}

const refused = (message: string): SqlatencyError =>
  new SqlatencyError('CONFIG_INVALID', message, { file: 'the configuration' })
