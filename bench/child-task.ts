import process from 'node:process'
import { openCatalogue } from './catalogue.ts'
import type { Stage } from './contract/index.ts'
import { SqlatencyError } from './contract/index.ts'
import { measureRound } from './run/cell.ts'
import type { RoundTask } from './run/cell.ts'
import { troubleOf } from './run/child.ts'
import type { ChildMessage } from './run/child.ts'
import type { LagTask } from './run/lag-cell.ts'

type Order = { readonly task: 'round'; readonly input: RoundTask } | { readonly task: 'lag'; readonly input: LagTask }

/** Carries the order out, sends what came of it, and ends this process. */
export async function obey(order: unknown): Promise<void> {
  await carryOut(order as Order)
  // Drivers may keep timers and sockets; the answer is delivered, and nothing else is worth waiting for.
  process.exit(0)
}

async function carryOut(order: Order): Promise<void> {
  let stage: Stage = 'connect'
  const enter = (entered: Stage): void => {
    stage = entered
    void send({ kind: 'stage', stage })
  }
  try {
    const result = order.task === 'round' ? await round(order.input, enter) : await lag(order.input, enter)
    await send({ kind: 'result', result })
  } catch (error) {
    await send({ kind: 'trouble', trouble: troubleOf(error, stage, { directory: 'the results', backend: 'NAME' }) })
  }
}

async function round(task: RoundTask, enter: (stage: Stage) => void): Promise<unknown> {
  const catalogue = await openCatalogue(task.configPath)
  const scenario = catalogue.scenarios.find((one) => one.id === task.scenario)
  const adapter = await catalogue.adapter(task.adapter)
  if (scenario === undefined || adapter === undefined) throw unknown(task.scenario, task.adapter)
  const { echo } = task
  if (echo === null) return measureRound(adapter, scenario, task, enter)
  const { roundTripNs } = await import('../adapters/distance/echo.ts')
  // An emulator that died is no fault of the database here; and one that is to be reached through it says so itself.
  return measureRound(adapter, scenario, task, enter, () => roundTripNs(echo, echo.rttNs).catch(() => null))
}

async function lag(task: LagTask, enter: (stage: Stage) => void): Promise<unknown> {
  const adapter = await (await openCatalogue(task.configPath)).adapter(task.adapter)
  if (adapter === undefined) throw unknown('', task.adapter)
  // Loaded when it is asked for: a round starts the sooner.
  const { measureLag } = await import('./run/lag-cell.ts')
  return measureLag(adapter, task, enter)
}

const unknown = (scenario: string, adapter: string): SqlatencyError =>
  new SqlatencyError(
    'CONFIG_INVALID',
    `The configuration has no scenario "${scenario}" or no adapter "${adapter}" any more.`,
    {
      file: 'the configuration',
    },
  )

function send(message: ChildMessage<unknown>): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve()
    else process.send(message, () => resolve())
  })
}
