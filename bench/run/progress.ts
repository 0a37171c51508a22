import type { ContainerFacts, K6Cell, LagCell, Load, Round, SqlatencyError, Trouble } from '../contract/index.ts'

/** What happens during a run, for whoever shows it. Nothing here may slow a round down: events come between rounds. */
export type RunEvent =
  | {
      readonly kind: 'begin'
      readonly runId: string
      readonly directory: string
      /** Ids in the order in which people see them. */
      readonly backends: readonly string[]
      readonly scenarios: readonly string[]
    }
  | {
      readonly kind: 'backend'
      readonly backend: string
      readonly state: 'starting' | 'seeding' | 'verifying' | 'ready'
    }
  /** A server of the backend runs in a container. */
  | { readonly kind: 'container'; readonly backend: string; readonly container: ContainerFacts }
  | { readonly kind: 'backend-failed'; readonly backend: string; readonly trouble: Trouble }
  | { readonly kind: 'backend-skipped'; readonly backend: string; readonly reason: string }
  | {
      readonly kind: 'round'
      readonly backend: string
      readonly scenario: string
      readonly load: Load
      readonly repetition: number
      readonly done: number
      readonly of: number
    }
  | {
      readonly kind: 'round-done'
      readonly backend: string
      readonly scenario: string
      readonly load: Load
      readonly round: Round
      readonly done: number
      readonly of: number
    }
  | { readonly kind: 'cell-failed'; readonly backend: string; readonly scenario: string; readonly trouble: Trouble }
  | { readonly kind: 'lag'; readonly backend: string }
  | { readonly kind: 'lag-done'; readonly lag: LagCell }
  | { readonly kind: 'k6'; readonly backend: string; readonly scenario: string | null }
  | { readonly kind: 'k6-done'; readonly cell: K6Cell }
  | { readonly kind: 'analyzing' }
  | { readonly kind: 'end'; readonly status: 'complete' | 'partial' | 'interrupted' }
  /** After the end: what was started or made could not all be taken away. */
  | { readonly kind: 'clean-up-failed'; readonly error: SqlatencyError }

export type Listener = (event: RunEvent) => void
