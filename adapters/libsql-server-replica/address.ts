import type { ServerAddress } from '../libsql/address.ts'

/** Plain data that every session of a run is opened from. */
export interface PairAddress {
  /** As the application reaches it. */
  readonly primary: ServerAddress
  /** The same server without a distance, for seeding. */
  readonly besidePrimary: ServerAddress
  /** Answers reads; `primaryUrl` is its own. */
  readonly replica: ServerAddress
  /** Of the distance to the primary that was asked for. */
  readonly rttNs: number
  readonly readYourWrites: boolean
}
