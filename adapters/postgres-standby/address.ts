import { SqlatencyError } from '../../bench/contract/index.ts'
import type { Address } from '../postgres/client.ts'

/** What a commit waits for, weakest first. https://www.postgresql.org/docs/18/runtime-config-wal.html#GUC-SYNCHRONOUS-COMMIT */
const LEVELS = ['off', 'local', 'remote_write', 'on', 'remote_apply'] as const
export type Level = (typeof LEVELS)[number]

/** The level that an option names. */
export function levelOf(given: string): Level {
  const level = LEVELS.find((one) => one === given)
  if (level !== undefined) return level
  throw new SqlatencyError('CONFIG_INVALID', `synchronousCommit is "${given}"; there are ${LEVELS.join(', ')}.`, {
    file: 'the configuration',
  })
}

/** Plain data that every session of a run is opened from. */
export interface PairAddress {
  readonly primary: Address
  readonly standby: Address
  readonly level: Level
  /** Of the distance to the primary that was asked for. */
  readonly rttNs: number
  readonly readYourWrites: boolean
}

/** Levels at which a commit waits for the standby; the others replicate asynchronously. */
export const waitsForStandby = (level: Level): boolean => LEVELS.indexOf(level) > LEVELS.indexOf('local')
