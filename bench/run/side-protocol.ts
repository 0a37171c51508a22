import type { CellName, Round, Run, Trouble } from '../contract/index.ts'
import type { Answers } from './answers.ts'
import type { ScheduledRound } from './schedule.ts'

/**
 * Counts up when a side of another version would misunderstand. Both sides of a comparison are long-lived processes of
 * their own installations, which may be of different versions; the first message says which language is spoken.
 */
export const SIDE_PROTOCOL = 1

/** What is alike on all sides, and what is a side's own. */
export interface SideChoices {
  /** Absolute; null: the one in the side's folder, if there is one. */
  readonly config: string | null
  readonly backend: string | undefined
  readonly scenario: string | undefined
  readonly durability: string | undefined
  /** Undefined for the first side, whose choice the others are told. */
  readonly seed: number | undefined
  readonly scale: number | undefined
  readonly roundNs: number
  readonly rounds: number
  readonly pin: boolean
  readonly roundTimeoutMs: number
  readonly commit: string | null
  /** Absolute folder for the side's run. */
  readonly output: string
}

export type SideOrder =
  | { readonly kind: 'begin'; readonly choices: SideChoices }
  | { readonly kind: 'round'; readonly round: ScheduledRound }
  /** Finish: every round that was wanted is there. */
  | { readonly kind: 'end' }
  /** Finish: somebody wants to stop. */
  | { readonly kind: 'stop' }

/** A side that is set up and verified, before its first round. */
export interface SideUp {
  readonly run: Run
  readonly answers: readonly Answers[]
  /** A digest by scenario of everything that decides what is asked: statements, data, and how arguments are drawn. */
  readonly definitions: Readonly<Record<string, string>>
}

export type RoundOutcome =
  | { readonly kind: 'measured'; readonly round: Round }
  | ({ readonly kind: 'failed' } & Trouble)

export interface Left {
  readonly message: string
  readonly remedy: string
}

export type SideMessage =
  /** Always the first. */
  | { readonly kind: 'hello'; readonly protocol: number }
  | { readonly kind: 'progress'; readonly line: string }
  /** What the side could not take away. */
  | ({ readonly kind: 'left' } & Left)
  | ({ readonly kind: 'up' } & SideUp)
  | { readonly kind: 'done'; readonly cell: CellName; readonly outcome: RoundOutcome }
  | { readonly kind: 'ended'; readonly run: Run }
  | { readonly kind: 'trouble'; readonly code: string; readonly message: string; readonly remedy: string }
