import type { Emulator, Untruth } from './adapter.ts'
import type { BackendFacts, Cell, Run, ScenarioFacts } from './run.ts'

/** What reports are made from: a run and everything derived from it. Pure data. */
export interface Comparison {
  readonly run: Run
  /** One a scenario that has at least one measured cell, in the run's order. The `null` backend is not ranked. */
  readonly rankings: readonly Ranking[]
  readonly caveats: readonly Caveat[]
}

export type MeasuredCell = Extract<Cell, { outcome: 'measured' }>

export interface Ranking {
  readonly scenario: ScenarioFacts
  /** Fastest first. Only backends of one durability class share a ranking of writes. */
  readonly rows: readonly RankedRow[]
  /** Why some cell of this scenario has no row: skipped, failed, pending. */
  readonly missing: readonly { readonly backend: BackendFacts; readonly cell: Cell }[]
}

export interface RankedRow {
  /** Backends whose intervals overlap share a rank. Null: of another durability class than the one that is ranked. */
  readonly rank: number | null
  readonly backend: BackendFacts
  readonly cell: MeasuredCell
  /** p50 over the p50 of the first rank, with the interval of paired rounds. Below 1 only for a row without a rank. */
  readonly ratio: Ratio
  readonly caveats: readonly CaveatId[]
}

/** `null` bounds: too few rounds for an interval. */
export interface Ratio {
  readonly value: number
  readonly low: number | null
  readonly high: number | null
}

/** A rule that fired, with its numbers. It is worded at the edge, in reports/. */
export type Caveat =
  | { readonly id: 'ANSWERS_DIFFER'; readonly backends: readonly string[] }
  | { readonly id: 'D1_LOCAL'; readonly backends: readonly string[] }
  | { readonly id: 'REPLICA_STALE'; readonly backends: readonly string[] }
  | { readonly id: 'WRITE_FORWARDED'; readonly backends: readonly string[]; readonly scenarios: readonly string[] }
  | {
      readonly id: 'RTT_EMULATED'
      readonly backends: readonly string[]
      readonly emulator: Emulator
      readonly requestedRttNs: number
      readonly measuredRttNs: number
      readonly untrue: readonly Untruth[]
    }
  | { readonly id: 'TAIL_TOO_FEW'; readonly cells: readonly CellName[] }
  | {
      readonly id: 'DURABILITY_DIFFERS'
      readonly scenarios: readonly string[]
      readonly classes: Readonly<Record<string, string>>
    }
  | { readonly id: 'SAME_HOST'; readonly backends: readonly string[] }
  | { readonly id: 'WARM_CACHE' }
  | { readonly id: 'CLOSED_LOOP' }
  | { readonly id: 'CLOCK_COARSE'; readonly cells: readonly CellName[]; readonly readNs: number }
  | {
      readonly id: 'NOISY'
      readonly cells: readonly CellName[]
      /** Allowed spread in process, and over a loopback or network. */
      readonly limits: readonly [inProcess: number, elsewhere: number]
    }
  | { readonly id: 'CONTENDED'; readonly cells: readonly CellName[]; readonly limit: number }
  | { readonly id: 'DRIFT'; readonly cells: readonly CellName[] }
  | { readonly id: 'ERRORS'; readonly cells: readonly CellName[]; readonly errors: number }
  | { readonly id: 'NO_INTERVAL'; readonly rounds: number; readonly needed: number }
  | { readonly id: 'UNPINNED' }
  | { readonly id: 'VOLATILE_STORAGE'; readonly filesystem: string }
  | { readonly id: 'SERVER_NOT_REPLICATED'; readonly backends: readonly string[] }

export type CaveatId = Caveat['id']
export interface CellName {
  readonly backend: string
  readonly scenario: string
}

/** A pure function from a comparison to text: it opens no file and reads no clock, so the same input gives the same bytes. */
export interface Report {
  readonly id: string
  readonly fileName: string
  render(comparison: Comparison): string
}
