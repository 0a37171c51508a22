import type { Level } from '../postgres-standby/address.ts'
import type { Address } from '../postgres/client.ts'

/** Plain data that every session of a run is opened from. */
export interface LogicalAddress {
  readonly publisher: Address
  readonly subscriber: Address
  /** What a commit at the publisher waits for. */
  readonly level: Level
  readonly readYourWrites: boolean
}

/** Publication, subscription, slot, and the application name of the worker that applies. */
export const SUBSCRIPTION = 'sqlatency'

/**
 * The `synchronous_commit` of the worker that applies. `off` is PostgreSQL's default and safe, because what is lost is sent again; but a commit
 * that waits for the subscriber's disk would then wait for its WAL writer, up to 200 ms. https://www.postgresql.org/docs/18/sql-createsubscription.html
 */
export const applyLevel = (level: Level): 'off' | 'local' =>
  level === 'on' || level === 'remote_apply' ? 'local' : 'off'
