import type { Emulator, Road, Untruth } from './adapter.ts'
import type { JudgedClaim } from './claims.ts'
import type { Gate } from './gate.ts'
import type { History } from './history.ts'
import type { Load } from './load.ts'
import type { BackendFacts, Cell, Estimate, HostFacts, Run, ScenarioFacts } from './run.ts'

/** What reports are made from: a run and everything derived from it. Pure data. */
export interface Comparison {
  readonly run: Run
  /** One a scenario that has at least one measured cell, in the run's order. The `null` backend is not ranked. */
  readonly rankings: readonly Ranking[]
  /** One a backend and scenario that was measured in an open loop. */
  readonly loads: readonly LoadCurve[]
  readonly means: readonly MeanLatency[]
  readonly caveats: readonly Caveat[]
  /** Held against an earlier stored run, where one was named. */
  readonly baseline: Gate | null
  /** Among stored runs of other days, where some were named. */
  readonly history: History | null
  /** What others published, held against this run. */
  readonly claims: readonly JudgedClaim[]
}

export type MeasuredCell = Extract<Cell, { outcome: 'measured' }>

export interface Ranking {
  readonly scenario: ScenarioFacts
  /** Only cells of one load share a ranking: the closed loop, where there is one. */
  readonly load: Load
  /** Fastest first. Only backends of one durability class share a ranking of writes. */
  readonly rows: readonly RankedRow[]
  /** Why some cell of this scenario has no row: skipped, failed, pending. */
  readonly missing: readonly { readonly backend: BackendFacts; readonly cell: Cell }[]
}

export interface RankedRow {
  /** Backends whose intervals overlap share a rank. Null: saturated, or of another durability class than the one that is ranked. */
  readonly rank: number | null
  readonly backend: BackendFacts
  readonly cell: MeasuredCell
  /** p50 over the p50 of the first rank, with the interval of paired rounds. Below 1 only for a row without a rank. */
  readonly ratio: Ratio
  readonly caveats: readonly CaveatId[]
}

/**
 * The mean of an operation: Hodges-Lehmann over the means of the rounds, with the exact 95 % interval. n operations in a row
 * take n times this on average, whatever their distribution, which cannot be said of a median.
 */
export interface MeanLatency {
  readonly backend: string
  readonly scenario: string
  readonly estimate: Estimate
}

/** How one backend answers one scenario as the load grows. */
export interface LoadCurve {
  readonly backend: string
  readonly scenario: string
  /** Throughput of the closed loop of the same run; null when there was none. */
  readonly capacityPerSecond: number | null
  /** By rate, ascending. */
  readonly points: readonly LoadPoint[]
  /** Null with fewer than two loads. */
  readonly knee: Knee | null
}

export interface LoadPoint {
  readonly ratePerSecond: number
  /** Of the capacity. */
  readonly share: number | null
  /** In most rounds the thread was ready and had to wait for a processor: the figures hold the machine's other work. */
  readonly contended: boolean
  readonly cell: MeasuredCell
}

/** The first load at which a database no longer answers as it does at rest. */
export type Knee =
  | { readonly kind: 'response'; readonly ratePerSecond: number; readonly p: number }
  | { readonly kind: 'saturation'; readonly ratePerSecond: number }
  /** Not up to the highest load that was measured. `p`: the quantile that was watched. */
  | { readonly kind: 'none'; readonly p: number }

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
  /** `unsynced`: those whose reads in the rankings fetch nothing first. */
  | { readonly id: 'REPLICA_STALE'; readonly backends: readonly string[]; readonly unsynced: readonly string[] }
  | {
      readonly id: 'WRITE_FORWARDED'
      readonly backends: readonly string[]
      readonly scenarios: readonly string[]
      /** Of one statement that writes, where the driver is known to take several. */
      readonly roundTrips: Readonly<Record<string, number>>
    }
  | { readonly id: 'PREPARED_EVERY_CALL'; readonly backends: readonly string[] }
  | {
      readonly id: 'RTT_EMULATED'
      readonly backends: readonly string[]
      readonly emulator: Emulator
      readonly requestedRttNs: number
      readonly measuredRttNs: number
      readonly untrue: readonly Untruth[]
    }
  /** Of all cells of backends that were moved away, which stand in no ranking and in no other caveat. */
  | {
      readonly id: 'AT_DISTANCE'
      /** Whose databases were seen from further away. */
      readonly bases: readonly string[]
      readonly emulators: readonly Emulator[]
      readonly requestedRttsNs: readonly number[]
      /** The largest part by which a cell's round trip is not the one that was asked for. */
      readonly rttOff: number
      readonly untrue: readonly Untruth[]
      readonly measured: number
      readonly rounds: number
      /** How many of the cells, and the one whose rounds differ most. */
      readonly noisy: number
      readonly noisiest: CellName & { readonly spread: number }
      readonly noisyLimits: NoisyLimits
      readonly contendedRounds: number
      readonly contendedLimit: number
      readonly unsteady: number
      readonly drifting: number
      /** Of a merged run: cells whose machines do not agree. */
      readonly apart: number
      readonly errors: number
    }
  | { readonly id: 'TAIL_TOO_FEW'; readonly cells: readonly CellName[] }
  | {
      readonly id: 'DURABILITY_DIFFERS'
      readonly scenarios: readonly string[]
      readonly classes: Readonly<Record<string, string>>
    }
  | { readonly id: 'SAME_HOST'; readonly backends: readonly string[] }
  | { readonly id: 'IN_CONTAINER'; readonly backends: readonly string[]; readonly road: Road }
  | { readonly id: 'WARM_CACHE' }
  | { readonly id: 'CLOSED_LOOP'; readonly callers: readonly number[] }
  | {
      readonly id: 'SATURATED'
      readonly loads: readonly (CellName & {
        readonly ratePerSecond: number
        /** Whether this load is the one that is ranked, so that the letter stands beside the figure. */
        readonly ranked: boolean
      })[]
      readonly limit: number
    }
  | { readonly id: 'CLOCK_COARSE'; readonly cells: readonly CellName[]; readonly readNs: number }
  | {
      readonly id: 'NOISY'
      readonly cells: readonly CellName[]
      readonly limits: NoisyLimits
    }
  | { readonly id: 'CONTENDED'; readonly cells: readonly CellName[]; readonly limit: number }
  | { readonly id: 'NO_STEADY_STATE'; readonly cells: readonly CellName[]; readonly limit: number }
  | { readonly id: 'DRIFT'; readonly cells: readonly CellName[] }
  | { readonly id: 'ERRORS'; readonly cells: readonly CellName[]; readonly errors: number }
  | { readonly id: 'NO_INTERVAL'; readonly rounds: number; readonly needed: number }
  | { readonly id: 'UNPINNED' }
  | { readonly id: 'VOLATILE_STORAGE'; readonly filesystem: string }
  /** `starts`: how often a server was started in all, once a merged run. */
  | { readonly id: 'SERVER_NOT_REPLICATED'; readonly backends: readonly string[]; readonly starts: number }
  | {
      readonly id: 'MERGED'
      readonly runs: number
      readonly regions: readonly string[]
      /** Facts in which the machines are not alike. */
      readonly differing: readonly (keyof HostFacts)[]
    }
  /** `largest`: the median of one machine over that of another, at most. */
  | { readonly id: 'HOSTS_DIFFER'; readonly cells: readonly CellName[]; readonly largest: number }

/** Allowed spread in process, and over a loopback or network. */
type NoisyLimits = readonly [inProcess: number, elsewhere: number]

export type CaveatId = Caveat['id']
export interface CellName {
  readonly backend: string
  readonly scenario: string
}

/** A pure function from a comparison to text: it opens no file and reads no clock, so the same input gives the same bytes. */
export interface Report {
  readonly id: string
  readonly fileName: string
  /** @param figures pictures that lie beside it; none unless they were drawn for this comparison */
  render(comparison: Comparison, figures?: readonly FigureFile[]): string
}

/** A picture by its paths from the report. */
export interface FigureFile {
  /** Name of its chart, or `matrix`. */
  readonly id: string
  readonly title: string
  readonly png: string
  readonly svg: string | null
}
