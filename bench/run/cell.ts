import { setImmediate as yieldToEvents } from 'node:timers/promises'
import { quantiles, tooFew } from '../analyze/quantiles.ts'
import { driftRatio } from '../analyze/steady.ts'
import type { Adapter, Round, Scenario, Stage } from '../contract/index.ts'
import { compileScenario, compileSync, rowCount } from '../contract/index.ts'
import { now } from '../measure/clock.ts'
import { closedLoop } from '../measure/closed-loop.ts'
import { questionSource } from '../measure/draw.ts'
import { collectYoungGarbage } from '../measure/garbage.ts'
import { encodeSamples } from '../measure/samples.ts'
import { watchMachine } from '../measure/witnesses.ts'
import { restore } from './seed.ts'
import { writeAtomically } from './files.ts'
import { judgeWarmUp, warmUp } from './warm-up.ts'

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
    const warmed = await warmUp(
      operation,
      questionSource(scenario.work, count, [task.seed, 'warm-up', scenario.id]),
      task,
    )
    await restore(session, grows, adapter.dialect, count)
    collectYoungGarbage()
    await yieldToEvents()

    enter('measure')
    const endWatch = watchMachine()
    const recording = await closedLoop(
      operation,
      questionSource(scenario.work, count, [task.seed, scenario.id, task.repetition]),
      { durationNs: task.roundNs, maxOperations: task.maxOperations, minOperations: task.minOperations },
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
      warmUp: judgeWarmUp(warmed, durationsNs),
      operations: durationsNs.length,
      measuredNs: recording.measuredNs,
      p50Ns,
      p99Ns: tooFew(0.99, Infinity, durationsNs.length) ? null : p99Ns,
      driftRatio: driftRatio(durationsNs),
      maxNs,
      errors: [...recording.errors].map(([code, errors]) => ({ code, count: errors })),
      samples: task.samplesName,
      durability,
      witnesses,
    }
  } finally {
    await session.close()
  }
}
