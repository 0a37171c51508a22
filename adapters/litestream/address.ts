import type { Durability } from '../../bench/contract/index.ts'

/** Plain data that every session of a run is opened from. */
export interface FollowerAddress {
  readonly primaryFile: string
  readonly followerFile: string
  readonly socket: string
  readonly intervalMs: number
  readonly durability: Durability
  readonly readYourWrites: boolean
}
