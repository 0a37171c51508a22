import { setImmediate as yieldToEvents } from 'node:timers/promises'
import { quantiles, tooFew } from '../analyze/quantiles.ts'
import { slowOperations } from '../analyze/slow.ts'
import { driftRatio } from '../analyze/steady.ts'
import type { Adapter, OpenRound, Round, Scenario } from '../contract/index.ts'
import { rowCount } from '../contract/index.ts'
import { now } from '../measure/clock.ts'
import { questionSource } from '../measure/draw.ts'
import type { Recording } from '../measure/closed-loop.ts'
import { collectYoungGarbage } from '../measure/garbage.ts'
import { openRunqueue } from '../measure/runqueue.ts'
import { encodeSamples } from '../measure/samples.ts'
import { watchMachine } from '../measure/witnesses.ts'
import { connectFirst } from './connect-first.ts'
import type { OpenPart } from './load-round.ts'
import { underLoad } from './load-round.ts'
import { rehearse } from './rehearse.ts'
import { watchThreads } from './placement.ts'
import { restore } from './seed.ts'
import { writeAtomically } from './files.ts'
import type { EnterStage, RoundTask } from './task.ts'
import { operationOn } from './task.ts'
import { judgeWarmUp, NOT_WARMED, warmUp } from './warm-up.ts'

export type { RoundTask } from './task.ts'

/** The first so many operations are a cold start; where each takes a second, ten seconds of them are. */
const COLD = { maxOperations: 100, minOperations: 1, durationNs: 10e9 } as const

/**
 * One round in this process: connect, warm up, measure, write the samples down.
 * @param askRttNs asks what a round trip takes now, nanoseconds; null where nobody wants to know
 */
export async function measureRound(
  adapter: Adapter,
  scenario: Scenario,
  task: RoundTask,
  enter: EnterStage,
  askRttNs: (() => Promise<number | null>) | null = null,
): Promise<Round> {
  if (scenario.start === 'connect') return connectFirst(adapter, scenario, task, enter)
  const isCold = scenario.start === 'cold'
  const { load } = task
  const startedAt = new Date().toISOString()
  const count = rowCount(task.scale)
  const grows = scenario.grows ?? []

  const letThreadsGo = watchThreads()
  if (!isCold && task.nearAddress !== null) {
    enter('warm-up')
    await rehearse(adapter, scenario, task)
  }
  enter('connect')
  const connectStart = now()
  const session = await adapter.connect(task.address)
  const connectNs = Number(now() - connectStart)
  try {
    await letThreadsGo()
    const durability = scenario.kind === 'read' ? null : (await session.facts()).durability
    const operation = operationOn(session, adapter, scenario)
    let warmed = NOT_WARMED
    if (!isCold) {
      enter('warm-up')
      await restore(session, grows, adapter.dialect, count)
      const questions = questionSource(scenario.work, count, [task.seed, 'warm-up', scenario.id])
      warmed = await warmUp(operation, questions, task)
      // The loop of another load is cold still, and the database has not met it yet.
      if (load.kind === 'open' || load.callers > 1) {
        const budget = { durationNs: task.warmUpNs, maxOperations: task.maxOperations, minOperations: 1 }
        await underLoad(load, operation, questions, budget, [task.seed, 'warm-up'])
      }
      await restore(session, grows, adapter.dialect, count)
      // Restoring wrote, and the first read would wait for that.
      if (session.mode === 'async') await session.catchUp?.()
      await letThreadsGo()
      collectYoungGarbage()
    }
    const rttNs = isCold ? null : ((await askRttNs?.()) ?? null)
    await yieldToEvents()

    enter('measure')
    const runqueue = openRunqueue()
    const endWatch = watchMachine(session.mode === 'async')
    const recording = await underLoad(
      load,
      operation,
      questionSource(scenario.work, count, [task.seed, scenario.id, task.repetition]),
      isCold
        ? COLD
        : { durationNs: task.roundNs, maxOperations: task.maxOperations, minOperations: task.minOperations },
      [task.seed, 'arrivals', scenario.id, task.repetition],
      runqueue.waitNs,
    )
    const { witnesses: seen, collections } = await endWatch()
    // Without the pauses between stretches, in which questions are drawn.
    const witnesses = { ...seen, runqueueWaitNs: waitOf(recording.chunks) ?? seen.runqueueWaitNs }
    runqueue.close()
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
      driftRatio: isCold ? null : driftRatio(durationsNs),
      maxNs,
      errors: [...recording.errors].map(([code, errors]) => ({ code, count: errors })),
      samples: task.samplesName,
      durability,
      rttNs,
      slow: slowOperations(durationsNs, p50Ns, recording.chunks, collections),
      witnesses,
      open: storeOpen(recording.open, task),
    }
  } finally {
    await session.close()
  }
}

/** Null where nobody asked between stretches, or the system does not tell. */
function waitOf(chunks: Recording['chunks']): number | null {
  if (chunks.length === 0 || chunks.some(({ waitNs }) => waitNs === null)) return null
  return chunks.reduce((sum, { waitNs }) => sum + waitNs!, 0)
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
