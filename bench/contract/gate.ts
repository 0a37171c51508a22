import type { CellName } from './report.ts'
import type { HostFacts, Placement, Plan, Trouble } from './run.ts'

/** `same`: the whole interval lies within the threshold. `inconclusive`: too few or too noisy pairs to say either. */
export type Verdict = 'slower' | 'faster' | 'same' | 'inconclusive'

/** How a comparison decides. All of it was settled before the first round. */
export interface GateRules {
  /** Chance of an alarm where nothing changed, over all comparisons together. */
  readonly alpha: number
  /** The least change that counts, as a fraction. */
  readonly threshold: number
  /** Pairs of rounds to begin with, more where many cells are compared; how many are added at a time; where that ends. */
  readonly pairsFirst: number
  readonly pairsStep: number
  readonly pairsMax: number
}

/** From base to head, as natural logarithms of head / base. Null bounds: too few rounds for an interval. */
export interface Shift {
  readonly estimate: number
  readonly low: number | null
  readonly high: number | null
  /** Exact and two-sided. */
  readonly p: number
  /** The smallest true change, as a fraction, that would be told from none in four of five cases; null without an interval. */
  readonly detectable: number | null
}

/** A shift among others. */
export interface Judgement extends Shift {
  /** p after Holm, over everything that was compared together. */
  readonly holmP: number
  readonly verdict: Verdict
}

/** The same as fractions: 0.05 is 5 % slower, -0.05 is 5 % faster. */
export interface Change {
  readonly value: number
  readonly low: number | null
  readonly high: number | null
  readonly p: number
  readonly detectable: number | null
}

/** Which of the two that are compared, or the base once more, which ought to be no different. */
export type SideName = 'base' | 'head' | 'control'

/** Where one side's code and configuration come from. */
export interface SideFacts {
  /** As a person named it: a git ref, a configuration, a stored run. */
  readonly name: string
  /** Full hash; null when it is no commit, or a commit with changes. */
  readonly commit: string | null
  /** The installation that ran it, and how it came to be there. */
  readonly harness: { readonly version: string; readonly from: string }
  readonly build: string
  /** Of the stored run, relative to the comparison's folder; null when it never began. */
  readonly run: string | null
}

/** p50 of both rounds of a pair. Contended pairs that were repeated are not among them. */
export interface GatePair {
  readonly repetition: number
  readonly baseNs: number
  readonly headNs: number
}

/** One comparison of base and head, or of base and base. */
export interface Contest {
  readonly pairs: readonly GatePair[]
  readonly change: Change
  readonly holmP: number
  readonly verdict: Verdict
}

export interface GateCell extends CellName {
  readonly title: string
  readonly outcome:
    | {
        readonly kind: 'compared'
        /** `slower` and `faster` stand only if the confirmation agrees. */
        readonly verdict: Verdict
        readonly first: Contest
        /** Fresh pairs for what the first contest flagged; null when it flagged nothing. */
        readonly confirmation: Contest | null
        /** Median of the rounds' p50, of all pairs. */
        readonly baseNs: number
        readonly headNs: number
        /** p99 informs and never decides; null where rounds are too short for one. */
        readonly p99: Change | null
        /** Sides whose rounds kept drifting: what they show may be their start, so `same` is withheld. */
        readonly unsteady: readonly ('base' | 'head')[]
        /** Pairs that were measured once more because something else took the processor. */
        readonly repeated: number
      }
    /** One of the sides has no such cell. */
    | { readonly kind: 'only'; readonly side: 'base' | 'head' }
    /** Interrupted before its first pair. */
    | { readonly kind: 'pending' }
    | ({ readonly kind: 'failed'; readonly side: SideName } & Trouble)
  /** What the sides asked was not the same: the scenario or its data changed from base to head. */
  readonly definition: 'same' | 'changed' | 'changed, answers differ'
}

/** Base against base, in the same repetitions as the cell. */
export interface GateControl extends CellName {
  readonly stage: 'first' | 'confirmation'
  readonly contest: Contest
}

/** A setting or version that is not the same on both sides. */
export interface GateDifference {
  readonly backend: string | null
  readonly name: string
  readonly base: string
  readonly head: string
}

/**
 * Two sides held against each other: what `sqlatency compare --json` prints and `compare.json` holds.
 * Everything is derived from the stored runs of the sides, which lie in the same folder.
 */
export interface Gate {
  readonly schema: 1
  readonly id: string
  readonly startedAt: string
  readonly finishedAt: string
  /**
   * `interleaved`: rounds of both sides alternated in one job, and may decide about a build.
   * `stored`: two runs of different times, which inform and never decide.
   */
  readonly kind: 'interleaved' | 'stored'
  /**
   * `regression`: something is slower. `invalid`: base differed from base, so nothing may be concluded.
   * `failed`: nothing slower, but a cell could not be measured. `interrupted`: stopped before it was decided.
   */
  readonly outcome: 'passed' | 'regression' | 'invalid' | 'failed' | 'interrupted'
  readonly rules: GateRules
  readonly seed: number
  readonly plan: Plan
  readonly host: HostFacts
  readonly placement: Placement
  readonly base: SideFacts
  readonly head: SideFacts
  readonly differences: readonly GateDifference[]
  readonly cells: readonly GateCell[]
  readonly controls: readonly GateControl[]
}
