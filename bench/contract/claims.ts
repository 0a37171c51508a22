import type { OptionValue, Reach, Trait } from './adapter.ts'
import type { Dialect } from './sql.ts'

/** What somebody published, in a form that a rule can hold against a run. */
export interface Claim {
  readonly id: string
  /** In the words of its source, or close to them. */
  readonly text: string
  /** How the words were turned into numbers, where that took a decision. */
  readonly reading?: string | undefined
  readonly source: ClaimSource
  readonly unit: ClaimUnit
  readonly claimed: Claimed
  readonly measure: ClaimMeasure
}

export interface ClaimSource {
  readonly title: string
  readonly publisher?: string | undefined
  readonly url?: string | undefined
  readonly date?: string | undefined
}

export type ClaimUnit = 'ns' | 'ratio' | 'round trips' | 'operations per second' | 'reads per write'

/** `about`: any value from about / factor to about x factor. Otherwise both ends belong to it; one without a number is open. */
export type Claimed =
  | { readonly about: number; readonly factor: number }
  | { readonly low?: number | undefined; readonly high?: number | undefined }

/** What is measured to judge a claim. Every backend that a selector finds is judged. */
export type ClaimMeasure =
  /** Of one caller in a closed loop. `throughput`: of a closed loop. */
  | { readonly kind: 'p50' | 'throughput'; readonly scenario: string; readonly of: ClaimSelector }
  /** p50 of the one over, or less, p50 of the other. */
  | ({ readonly kind: 'ratio' | 'difference'; readonly scenario: string } & ClaimPair)
  /** k of the law of distance. `emulated`: whether distances that the harness made may tell it. */
  | {
      readonly kind: 'round-trips'
      readonly scenario: string
      readonly of: ClaimSelector
      readonly emulated?: boolean | undefined
    }
  /** At rest, p50. */
  | { readonly kind: 'lag'; readonly from: 'acknowledgement' | 'sending' | 'commit'; readonly of: ClaimSelector }
  /** From how many reads a write on `of`, which reads faster, makes up for its slower write against `to`. From p50 of both scenarios. */
  | ({ readonly kind: 'break-even'; readonly read: string; readonly write: string } & ClaimPair)

export interface ClaimPair {
  readonly of: ClaimSelector
  readonly to: ClaimSelector
  /** Both have to be the same adapter. */
  readonly sameAdapter?: boolean | undefined
  /** Their round trips differ by a tenth at most. */
  readonly sameDistance?: boolean | undefined
}

/** Which backends may judge a claim. What is left out does not matter, but for the distance. The local simulator never may. */
export interface ClaimSelector {
  readonly adapters?: readonly string[] | undefined
  readonly dialect?: Dialect | undefined
  readonly reach?: readonly Reach[] | undefined
  readonly traits?: readonly Trait[] | undefined
  readonly without?: readonly Trait[] | undefined
  /** Whether the database was there before the run. */
  readonly deployed?: boolean | undefined
  /** Settings that were read back, each with the values that it may have. */
  readonly settings?: Readonly<Record<string, readonly OptionValue[]>> | undefined
  /** Measured round trips in milliseconds. Without them no distance may have been put in between. */
  readonly rttMs?: readonly [low: number, high: number] | undefined
  /** Of a distance that the harness made. Without them such a distance judges nothing. */
  readonly emulatedRttMs?: readonly [low: number, high: number] | undefined
}

/**
 * `consistent`: the whole interval lies within what is claimed. `contradicted`: the whole interval lies outside.
 * `cannot-tell`: anything else.
 */
export type ClaimVerdict = 'consistent' | 'contradicted' | 'cannot-tell'

export interface JudgedClaim {
  readonly claim: Claim
  readonly verdict: ClaimVerdict
  /** Why it cannot be told; null for the other verdicts. */
  readonly reason: ClaimReason | null
  /** One a backend, or pair of backends, that may judge the claim. */
  readonly findings: readonly ClaimFinding[]
}

export interface ClaimFinding {
  /** Whose figure it is, and for a pair the one that it is held against. */
  readonly subjects: readonly [ClaimSubject, ...ClaimSubject[]]
  /** Scenarios that were measured for it; none for lag. */
  readonly scenarios: readonly string[]
  /** In the unit of the claim. */
  readonly value: number
  readonly low: number | null
  readonly high: number | null
  readonly place: ClaimPlace
  /** Where the interval comes from. `bracket`: the ends of the median's bracket. `construction`: nothing was measured. */
  readonly basis: 'rounds' | 'bracket' | 'construction'
  /** Rounds or markers. */
  readonly count: number
  /** A distance that the harness made takes part. */
  readonly emulated: boolean
}

/** Where an interval lies. `unknown`: there is none. */
export type ClaimPlace = 'inside' | 'below' | 'above' | 'across' | 'unknown'

export interface ClaimSubject {
  readonly backend: string
  /** The backend whose database this is; itself, unless it was moved away. */
  readonly base: string
  readonly rttNs: number | null
  readonly emulated: boolean
  /** Read back, of those that the claim asks for. */
  readonly settings: Readonly<Record<string, OptionValue>>
}

export type ClaimReason =
  /** No backend of that kind took part. */
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'simulator' | 'not-deployed' | 'answers-differ' | 'not-moved' | 'no-lag' | 'lag-not-in-time'
      readonly backends: readonly string[]
    }
  | { readonly kind: 'setting'; readonly name: string; readonly backends: readonly string[] }
  /** The ranges that were applied, of real and of emulated round trips; null where no distance may have been put in between. */
  | {
      readonly kind: 'distance'
      readonly wantedMs: readonly [low: number, high: number] | null
      readonly wantedEmulatedMs: readonly [low: number, high: number] | null
      readonly found: readonly ClaimSubject[]
    }
  /** A distance would fit, but it is not a real one. */
  | { readonly kind: 'emulated'; readonly backends: readonly string[] }
  | { readonly kind: 'no-pair' }
  | { readonly kind: 'not-measured'; readonly scenario: string; readonly backends: readonly string[] }
  | { readonly kind: 'few-markers'; readonly markers: number; readonly needed: number }
  | { readonly kind: 'not-paired' | 'durability' | 'reads-not-faster'; readonly backends: readonly string[] }
  | { readonly kind: 'no-interval' | 'boundary' | 'disagree' }

/** Both ends belong to what is claimed. */
export function claimedBounds(claimed: Claimed): { readonly low: number; readonly high: number } {
  if ('about' in claimed) return { low: claimed.about / claimed.factor, high: claimed.about * claimed.factor }
  return { low: claimed.low ?? -Infinity, high: claimed.high ?? Infinity }
}
