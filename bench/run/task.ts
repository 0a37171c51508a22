import type { Adapter, EchoEnds, Load, Scenario, Session, Stage } from '../contract/index.ts'
import { compileScenario, compileSync } from '../contract/index.ts'
import type { Operation } from '../measure/closed-loop.ts'

/** What the child process of one round is told. Travels over IPC, never in argv: the address may hold a password. */
export interface RoundTask {
  readonly adapter: string
  readonly scenario: string
  /** A user's module with adapters and scenarios of its own. */
  readonly configPath: string | null
  readonly address: unknown
  /** Of the same database without the distance that is on the way to `address`; null where there is none to warm up at. */
  readonly nearAddress: unknown
  /** Where the round asks for itself what a round trip takes, and about how long that is; null in a run without distances. */
  readonly echo: (EchoEnds & { readonly rttNs: number }) | null
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
