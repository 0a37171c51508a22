/** Plain data that every session of a run is opened from. */
export interface PairAddress {
  readonly primaryUrl: string
  readonly replicaUrl: string
  readonly readYourWrites: boolean
}
