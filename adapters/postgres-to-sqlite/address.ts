import { SqlatencyError } from '../../bench/contract/index.ts'
import type { Address } from '../postgres/client.ts'

/** How changes leave PostgreSQL: a replication slot, or a log of changes that is asked at intervals. */
export const FEEDS = ['logical', 'polling'] as const
export type Feed = (typeof FEEDS)[number]

/** Plain data that every session of a run is opened from. */
export interface HybridAddress {
  /** The source of truth, as the application sees it. */
  readonly primary: Address
  readonly feed: Feed
  readonly pollIntervalMs: number
  /** Of the application and its SQLite file to PostgreSQL, where it was put there; else 0. */
  readonly rttMs: number
  /** Under which PostgreSQL knows this file's feeder: a slot, or a row of its own. */
  readonly consumer: string
  /** The SQLite file. */
  readonly file: string
  readonly feederPid: number
  /** SQLite's text of a statement by PostgreSQL's, where they really differ. */
  readonly sqliteTexts: Readonly<Record<string, string>>
  readonly readYourWrites: boolean
}

export function feedOf(given: string): Feed {
  const feed = FEEDS.find((one) => one === given)
  if (feed !== undefined) return feed
  throw new SqlatencyError('CONFIG_INVALID', `feed is "${given}"; there are ${FEEDS.join(' and ')}.`, {
    file: 'the configuration',
  })
}
