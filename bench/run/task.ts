import type { Adapter, Load, Scenario, Session, Stage } from '../contract/index.ts'
import { compileScenario, compileSync } from '../contract/index.ts'
import type { Operation } from '../measure/closed-loop.ts'

/** What the child process of one round is told. Travels over IPC, never in argv: the address may hold a password. */
export interface RoundTask {
  readonly adapter: string
  readonly scenario: string
  /** A user's module with adapters and scenarios of its own. */
  readonly configPath: string | null
  readonly address: unknown
  readonly seed: number
  readonly repetition: number
  readonly order: number
  readonly load: Load
  readonly scale: number
  readonly roundNs: number
  readonly warmUpNs: number
  readonly warmUpMostNs: number
  readonly maxOperations: number
  readonly minOperations: number
  /** Absolute, and as the run stores it. */
  readonly samplesPath: string
  readonly samplesName: string
}

/** Tells the parent what is being done, so that a failure can name its stage. */
export type EnterStage = (stage: Stage) => void

export function operationOn(session: Session, { dialect }: Adapter, scenario: Scenario): Operation {
  return session.mode === 'sync'
    ? { mode: 'sync', run: compileSync(scenario.work, session, dialect) }
    : { mode: 'async', run: compileScenario(scenario, session, dialect) }
}
