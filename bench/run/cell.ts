import { setImmediate as yieldToEvents } from 'node:timers/promises'
import { quantiles, TAIL_RULE } from '../analyze/quantiles.ts'
import type { Adapter, Load, OpenRound, Round, Scenario, Stage } from '../contract/index.ts'
import { compileScenario, compileSync, rowCount } from '../contract/index.ts'
import { now } from '../measure/clock.ts'
import { closedLoop } from '../measure/closed-loop.ts'
import { questionSource } from '../measure/draw.ts'
import { collectYoungGarbage } from '../measure/garbage.ts'
import { encodeSamples } from '../measure/samples.ts'
import { watchMachine } from '../measure/witnesses.ts'
import type { OpenPart } from './load-round.ts'
import { underLoad } from './load-round.ts'
import { restore } from './seed.ts'
import { writeAtomically } from './files.ts'

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
  readonly maxOperations: number
  readonly minOperations: number
  /** Absolute, and as the run stores it. */
  readonly samplesPath: string
  readonly samplesName: string
}

/** Tells the parent what is being done, so that a failure can name its stage. */
export type EnterStage = (stage: Stage) => void

/** One round in this process: connect, warm up, measure, write the samples down. */
export async function measureRound(
  adapter: Adapter,
  scenario: Scenario,
  task: RoundTask,
  enter: EnterStage,
): Promise<Round> {
  const startedAt = new Date().toISOString()
  const count = rowCount(task.scale)
  const grows = scenario.grows ?? []

  enter('connect')
  const connectStart = now()
  const session = await adapter.connect(task.address)
  const connectNs = Number(now() - connectStart)
  try {
    const durability = scenario.kind === 'read' ? null : (await session.facts()).durability
    const operation =
      session.mode === 'sync'
        ? ({ mode: 'sync', run: compileSync(scenario.work, session, adapter.dialect) } as const)
        : ({ mode: 'async', run: compileScenario(scenario, session, adapter.dialect) } as const)

    enter('warm-up')
    await restore(session, grows, adapter.dialect, count)
    const warmUpQuestions = questionSource(scenario.work, count, [task.seed, 'warm-up', scenario.id])
    const warmUpBudget = { durationNs: task.warmUpNs, maxOperations: task.maxOperations, minOperations: 1 }
    const warmUp = await closedLoop(operation, warmUpQuestions, warmUpBudget)
    if (warmUp.durationsNs.length === 0) throw warmUp.firstError
    // The loop of another load is cold still, and the database has not met it yet.
    if (task.load.kind === 'open' || task.load.callers > 1)
      await underLoad(task.load, operation, warmUpQuestions, warmUpBudget, [task.seed, 'warm-up'])
    await restore(session, grows, adapter.dialect, count)
    collectYoungGarbage()
    await yieldToEvents()

    enter('measure')
    const endWatch = watchMachine()
    const recording = await underLoad(
      task.load,
      operation,
      questionSource(scenario.work, count, [task.seed, scenario.id, task.repetition]),
      { durationNs: task.roundNs, maxOperations: task.maxOperations, minOperations: task.minOperations },
      [task.seed, 'arrivals', scenario.id, task.repetition],
    )
    const witnesses = await endWatch()
    const { durationsNs } = recording
    if (durationsNs.length === 0) throw recording.firstError
    await restore(session, grows, adapter.dialect, count)

    enter('store')
    writeAtomically(task.samplesPath, encodeSamples(durationsNs))
    const [p50Ns, p99Ns, maxNs] = quantiles([durationsNs], [0.5, 0.99, 1]) as [number, number, number]
    return {
      repetition: task.repetition,
      order: task.order,
      startedAt,
      connectNs,
      warmUp: { operations: warmUp.durationsNs.length, durationNs: warmUp.measuredNs },
      operations: durationsNs.length,
      measuredNs: recording.measuredNs,
      p50Ns,
      p99Ns: durationsNs.length * 0.01 < TAIL_RULE.perRound ? null : p99Ns,
      maxNs,
      errors: [...recording.errors].map(([code, errors]) => ({ code, count: errors })),
      samples: task.samplesName,
      durability,
      witnesses,
      open: storeOpen(recording.open, task),
    }
  } finally {
    await session.close()
  }
}

/** Writes down what an open loop recorded beside its service times. */
function storeOpen(open: OpenPart | null, { samplesPath, samplesName }: RoundTask): OpenRound | null {
  if (open === null) return null
  writeAtomically(besides(samplesPath, 'wait'), encodeSamples(open.waitNs))
  writeAtomically(besides(samplesPath, 'arrival'), encodeSamples(open.gapNs))
  return { ...open.facts, waits: besides(samplesName, 'wait'), arrivals: besides(samplesName, 'arrival') }
}

/** `000.wait.ns` beside `000.ns`. */
const besides = (path: string, what: string): string => path.replace(/\.ns$/, `.${what}.ns`)
