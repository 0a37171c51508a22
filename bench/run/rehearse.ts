import type { Adapter, Scenario } from '../contract/index.ts'
import { rowCount } from '../contract/index.ts'
import { questionSource } from '../measure/draw.ts'
import { withSession } from './backend.ts'
import { restore } from './seed.ts'
import type { RoundTask } from './task.ts'
import { operationOn } from './task.ts'
import { warmUp } from './warm-up.ts'

/**
 * Warms this process up at the same database without the distance. Far away a round has a handful of operations, and the
 * driver's code would be interpreted still: that is a young process and no distance, but would be fitted as a part of one.
 */
export function rehearse(adapter: Adapter, scenario: Scenario, task: RoundTask): Promise<void> {
  const count = rowCount(task.scale)
  return withSession(adapter.connect(task.nearAddress), async (session) => {
    const questions = questionSource(scenario.work, count, [task.seed, 'rehearsal', scenario.id])
    await warmUp(operationOn(session, adapter, scenario), questions, task)
    await restore(session, scenario.grows ?? [], adapter.dialect, count)
  })
}
