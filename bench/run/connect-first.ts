import { NOT_JUDGED } from '../analyze/slow.ts'
import type { Adapter, Round, Scenario } from '../contract/index.ts'
import { rowCount } from '../contract/index.ts'
import { now } from '../measure/clock.ts'
import { questionSource } from '../measure/draw.ts'
import { encodeSamples } from '../measure/samples.ts'
import { watchMachine } from '../measure/witnesses.ts'
import { writeAtomically } from './files.ts'
import type { EnterStage, RoundTask } from './task.ts'
import { operationOn } from './task.ts'

/**
 * A round of one operation, from before connecting to its last row. The adapter is loaded by then, and the question drawn.
 * It is the round's only sample, so whatever is said of it comes from the rounds.
 */
export async function connectFirst(
  adapter: Adapter,
  scenario: Scenario,
  task: RoundTask,
  enter: EnterStage,
): Promise<Round> {
  const startedAt = new Date().toISOString()
  const source = questionSource(scenario.work, rowCount(task.scale), [task.seed, scenario.id, task.repetition])
  const [question] = source.block(1)
  const connect = (adapter.connectUntried ?? adapter.connect).bind(adapter)
  enter('connect')
  const endWatch = watchMachine()
  const start = now()
  const session = await connect(task.address)
  try {
    const connected = now()
    await operationOn(session, adapter, scenario).run(question!)
    const onlyNs = Number(now() - start)
    const { witnesses } = await endWatch()
    enter('store')
    writeAtomically(task.samplesPath, encodeSamples(Float64Array.of(onlyNs)))
    return {
      repetition: task.repetition,
      order: task.order,
      startedAt,
      connectNs: Number(connected - start),
      warmUp: { operations: 0, durationNs: 0, transientNs: null, steady: null },
      operations: 1,
      measuredNs: onlyNs,
      p50Ns: onlyNs,
      p99Ns: null,
      driftRatio: null,
      maxNs: onlyNs,
      errors: [],
      samples: task.samplesName,
      durability: null,
      rttNs: null,
      slow: NOT_JUDGED,
      witnesses,
      open: null,
    }
  } finally {
    await session.close()
  }
}
