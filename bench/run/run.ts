import type { Run } from '../contract/index.ts'
import { begin } from './begin.ts'
import type { RunRequest } from './context.ts'
import { RunContext } from './context.ts'
import { runLag } from './lag.ts'
import type { Listener } from './progress.ts'
import { planned } from './planned.ts'
import type { ChooseRounds } from './rounds.ts'
import { runRounds } from './rounds.ts'
import { Workplace } from './scope.ts'
import { setUp } from './set-up.ts'
import { verify } from './verify.ts'

/**
 * The pipeline: set up, verify, rounds, lag, estimates. Stores after every round, and tidies up whatever happens.
 * @param choose the rounds: those of the plan, unless somebody else conducts
 * @returns the run, also when it was interrupted
 * @throws SqlatencyError when the answers differ; what was measured is stored all the same
 */
export async function run(request: RunRequest, listen: Listener, choose: ChooseRounds = planned): Promise<Run> {
  await using place = new Workplace(request.signal)
  const record = begin(request, place)
  listen({
    kind: 'begin',
    runId: record.run.id,
    directory: record.store.directory,
    backends: request.backends.filter(({ movedFrom }) => movedFrom === null).map(({ id }) => id),
    scenarios: request.scenarios.map(({ id }) => id),
  })
  const context = new RunContext(request, place, record, listen)
  try {
    const up = await setUp(context)
    const live = await verify(context, up)
    await runRounds(context, live, choose(context))
    await context.alone()
    await runLag(context, live)
  } catch (error) {
    if (!request.signal.aborted) {
      record.tryToFinish()
      throw error
    }
  }
  await context.alone()
  listen({ kind: 'analyzing' })
  const status = record.finish(request.signal.aborted ? 'interrupted' : 'complete')
  listen({ kind: 'end', status })
  return record.run
}
