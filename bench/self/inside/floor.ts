import nothing from '../../../adapters/null.ts'
import { quantiles } from '../../analyze/quantiles.ts'
import { compileSync } from '../../contract/index.ts'
import type { SyncSession } from '../../contract/index.ts'
import { clockReadNs } from '../../measure/clock.ts'
import { closedLoop } from '../../measure/closed-loop.ts'
import { drawn, questionsOf, work } from '../select.ts'

export interface Floor {
  readonly clockReadNs: number
  readonly emptyP50Ns: number
  readonly emptyP999Ns: number
}

/** The same path as every operation takes, around a database that is not there. Nothing of it is ever subtracted. */
export async function floor(input: { readonly operations: number }): Promise<Floor> {
  const session = (await nothing.connect(null)) as SyncSession
  const operation = { mode: 'sync', run: compileSync(work, session, nothing.dialect) } as const
  const source = drawn(questionsOf(0))
  await closedLoop(operation, source, { durationNs: 50e6, maxOperations: 1e9, minOperations: 1 })
  const { durationsNs } = await closedLoop(operation, source, {
    durationNs: Number.MAX_SAFE_INTEGER,
    maxOperations: input.operations,
    minOperations: 1,
  })
  const [emptyP50Ns, emptyP999Ns] = quantiles([durationsNs], [0.5, 0.999]) as [number, number]
  return { clockReadNs: clockReadNs(), emptyP50Ns, emptyP999Ns }
}
