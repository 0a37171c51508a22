import { packageFacts } from './commands/common.ts'
import { settle } from './commands/settings.ts'
import type { Run, Scenario, Trouble, Work } from './contract/index.ts'
import { scenarioTexts, toSqlatencyError } from './contract/index.ts'
import { digest } from './run/canonical.ts'
import type { RunContext, RunRequest } from './run/context.ts'
import type { RunEvent } from './run/progress.ts'
import { run } from './run/run.ts'
import type { ScheduledRound } from './run/schedule.ts'
import type { RoundOutcome, SideChoices, SideMessage, SideOrder } from './run/side-protocol.ts'

/** Serves one comparison over the channel to its parent, and ends when the parent says so or is gone. */
export async function serve(channel: NodeJS.Process): Promise<void> {
  const stop = new AbortController()
  const orders = inbox<SideOrder>()
  channel.on('message', (order: SideOrder) => (order.kind === 'stop' ? stop.abort() : orders.put(order)))
  channel.once('disconnect', () => stop.abort())
  stop.signal.addEventListener('abort', () => orders.put({ kind: 'end' }))
  const send = (message: SideMessage): Promise<void> =>
    new Promise((resolve) => {
      if (!channel.connected) resolve()
      else channel.send!(message, () => resolve())
    })
  try {
    const first = await orders.take()
    if (first.kind === 'begin')
      await send({ kind: 'ended', run: await measure(first.choices, orders, send, stop.signal) })
  } catch (error) {
    const { code, message, remedy } = toSqlatencyError(error)
    await send({ kind: 'trouble', code, message, remedy })
  }
  channel.exit(0)
}

async function measure(
  choices: SideChoices,
  orders: Inbox<SideOrder>,
  send: (message: SideMessage) => Promise<void>,
  signal: AbortSignal,
): Promise<Run> {
  const request = await requestOf(choices, signal)
  const troubles = new Map<string, Trouble>()
  let outcome: RoundOutcome | null = null
  const listen = (event: RunEvent): void => {
    if (event.kind === 'backend' && event.state !== 'ready')
      void send({ kind: 'progress', line: `${event.backend}: ${event.state}` })
    if (event.kind === 'clean-up-failed') {
      const { message, remedy } = event.error
      void send({ kind: 'left', message, remedy })
    }
    if (event.kind === 'backend-failed') troubles.set(event.backend, event.trouble)
    if (event.kind === 'round-done') outcome = { kind: 'measured', round: event.round }
    if (event.kind === 'cell-failed') outcome = { kind: 'failed', ...event.trouble }
  }
  /** A round is over when the next one is asked for. */
  async function* told(context: RunContext): AsyncGenerator<ScheduledRound> {
    await send({
      kind: 'up',
      run: context.record.run,
      answers: context.answers,
      definitions: Object.fromEntries(request.scenarios.map((one) => [one.id, definition(one, context.record.run)])),
    })
    for (let order = await orders.take(); order.kind === 'round'; order = await orders.take()) {
      outcome = null
      yield order.round
      await send({
        kind: 'done',
        cell: order.round,
        outcome: outcome ?? notMeasured(troubles.get(order.round.backend)),
      })
    }
  }
  return run(request, listen, (context) => ({ expected: choices.rounds, rounds: told(context) }))
}

const notMeasured = (trouble: Trouble | undefined): RoundOutcome => ({
  kind: 'failed',
  ...(trouble ?? {
    stage: 'measure',
    code: 'BACKEND_FAILED',
    message: 'The backend is not up any more.',
    remedy: 'Read the messages above.',
  }),
})

const text = (value: number | undefined): string | undefined => (value === undefined ? undefined : String(value))

async function requestOf(choices: SideChoices, signal: AbortSignal): Promise<RunRequest> {
  const flags = {
    plan: 'compare',
    config: choices.config ?? undefined,
    backend: choices.backend,
    scenario: choices.scenario,
    durability: choices.durability,
    seed: text(choices.seed),
    scale: text(choices.scale),
    duration: `${choices.roundNs}ns`,
    rounds: String(choices.rounds),
    markers: '0',
    output: choices.output,
  }
  let settings = await settle(flags)
  const { config } = settings.catalogue
  const own = Object.keys(config.backends ?? {})
  // What a person wrote down is what they want compared; the built-in default is for who wrote nothing.
  if (choices.backend === undefined && config.run === undefined && own.length > 0)
    settings = await settle({ ...flags, backend: own.join(',') })
  return {
    plan: settings.plan,
    seed: settings.seed,
    backends: settings.backends,
    scenarios: settings.scenarios,
    scenarioModules: settings.catalogue.scenarioModules,
    configPath: settings.configPath,
    region: null,
    output: choices.output,
    pin: choices.pin,
    version: packageFacts.version,
    commit: choices.commit,
    project: null,
    resume: null,
    signal,
    roundTimeoutMs: choices.roundTimeoutMs,
  }
}

const functions = (work: Work): string[] =>
  work.shape === 'mix'
    ? work.parts.flatMap((part) => [String(part.weight), ...functions(part.work)])
    : [String(work.draw), work.shape === 'flow' ? String(work.body) : '']

/** Everything that decides what a scenario asks, functions by their source. */
function definition(scenario: Scenario, made: Run): string {
  const { hash } = made.datasets.find(({ id }) => id === scenario.dataset.id)!
  return digest([
    hash,
    scenario.kind,
    scenario.start ?? 'warm',
    scenario.work.shape,
    ...scenarioTexts(scenario, 'sqlite'),
    ...scenarioTexts(scenario, 'postgres'),
    ...(scenario.grows ?? []).map(({ name }) => name),
    ...functions(scenario.work),
  ])
}

interface Inbox<Item> {
  put(item: Item): void
  take(): Promise<Item>
}

/** What arrives before it is asked for waits. */
function inbox<Item>(): Inbox<Item> {
  const waiting: Item[] = []
  let hand: ((item: Item) => void) | null = null
  return {
    put(item) {
      if (hand === null) waiting.push(item)
      else hand(item)
      hand = null
    },
    take: () =>
      new Promise((resolve) => {
        const next = waiting.shift()
        if (next === undefined) hand = resolve
        else resolve(next)
      }),
  }
}
