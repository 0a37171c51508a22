import type { Client } from 'pg'
import { SqlatencyError } from '../../bench/contract/index.ts'
import { withClient } from '../postgres/client.ts'
import type { PairAddress } from './address.ts'
import { waitsForStandby } from './address.ts'

interface Server {
  readonly standby: boolean
  readonly system: string
  readonly database: string
  readonly names: string
}

/**
 * Refuses two servers that are no primary and standby of it, before anything is written to either. Every cluster has an
 * identifier from its initdb, and a standby has its primary's.
 */
export async function checkPair({ primary, standby, level }: PairAddress): Promise<void> {
  const first = await withClient(primary, look)
  const second = await withClient(standby, look)
  if (first.standby)
    throw refused('The url leads to a standby, where nothing can be written; give the URL of its primary.')
  if (!second.standby)
    throw refused(
      'The standbyUrl leads to a server that is no standby: pg_is_in_recovery() is false; give the URL of a standby of this primary.',
    )
  if (first.system !== second.system)
    throw refused(
      'The standby follows another primary: its system identifier differs; give two servers of one cluster.',
    )
  if (first.database !== second.database)
    throw refused('The two URLs name different databases; give the same one at primary and standby.')
  if (waitsForStandby(level) && first.names === '')
    throw refused(
      `synchronousCommit is ${level}, but synchronous_standby_names of this primary is empty, so no commit waits for a standby; set it there, or ask for local.`,
    )
}

async function look(client: Client): Promise<Server> {
  const { rows } = await client.query<Server>(
    `SELECT pg_is_in_recovery() AS standby, (SELECT system_identifier::text FROM pg_control_system()) AS system,
       current_database() AS database, current_setting('synchronous_standby_names') AS names`,
  )
  return rows[0]!
}

const refused = (message: string): SqlatencyError =>
  new SqlatencyError('CONFIG_INVALID', message, { file: 'the configuration' })
