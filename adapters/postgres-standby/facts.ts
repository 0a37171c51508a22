import type { Client } from 'pg'
import type { SessionFacts } from '../../bench/contract/index.ts'

/** What makes the one a primary and the other its standby. A given server may not show its senders to this user: null then. */
export async function settingsOf(primary: Client, standby: Client): Promise<SessionFacts['settings']> {
  const { rows: ofPrimary } = await primary.query<{ states: string | null; names: string }>(
    `SELECT (SELECT string_agg(DISTINCT sync_state, ', ') FROM pg_stat_replication) AS states,
       current_setting('synchronous_standby_names') AS names`,
  )
  const { rows: ofStandby } = await standby.query<{ standby: boolean }>('SELECT pg_is_in_recovery() AS standby')
  return {
    sync_state: ofPrimary[0]!.states,
    synchronous_standby_names: ofPrimary[0]!.names,
    reads_at_standby: ofStandby[0]!.standby,
  }
}
