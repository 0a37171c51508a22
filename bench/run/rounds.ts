import { join } from 'node:path'
import type { Load, Round } from '../contract/index.ts'
import { loadKey, ONE_CALLER } from '../contract/index.ts'
import type { LiveBackend } from './backend.ts'
import type { RoundTask } from './cell.ts'
import { troubleOf } from './child.ts'
import type { RunContext } from './context.ts'
import { isNull } from './context.ts'
import type { ScheduledRound } from './schedule.ts'
import { schedule } from './schedule.ts'
import { planSweep } from './sweep.ts'

/** Operations of one round are kept in memory until it ends: 4 million are 32 MB. */
const MAX_OPERATIONS = 4_000_000
/** The floor needs no more to be known to a nanosecond, and no interval. */
const NULL_OPERATIONS = 10_000
const NULL_ROUNDS = 1

/** Which rounds there are, and in which order. A round is asked for when the one before it has ended. */
export interface RoundSource {
  /** At most, as far as is known by now, for whoever shows how far it is. */
  readonly expected: number
  readonly rounds: Iterable<ScheduledRound> | AsyncIterable<ScheduledRound>
}

/** Chooses the rounds of a run whose backends are up and verified. */
export type ChooseRounds = (context: RunContext) => RoundSource

/**
 * The run's own schedule: every repetition of the plan, shuffled. A sweep measures what each backend can do first,
 * and then loads of it.
 */
export const planned: ChooseRounds = (context) => {
  const { record, request } = context
  const floor = new Set(request.backends.filter(isNull).map(({ id }) => id))
  const scheduled = (): ScheduledRound[] =>
    schedule(record.run).filter(({ backend, repetition }) => !floor.has(backend) || repetition < NULL_ROUNDS)
  function* rounds(): Generator<ScheduledRound> {
    yield* scheduled()
    if (planSweep(context)) yield* scheduled().filter((round) => !record.has(round))
  }
  return {
    get expected() {
      return scheduled().length
    },
    rounds: rounds(),
  }
}

/** Every round of the source that is not stored yet, each in a fresh process and stored when it ends. */
export function runRounds(context: RunContext, live: readonly LiveBackend[], source: RoundSource): Promise<void> {
  const { record, request, listen } = context
  const backends = new Map(live.map((backend) => [backend.spec.id, backend]))
  return record.spend('rounds', async () => {
    let done = -1
    for await (const round of source.rounds) {
      done += 1
      const of = source.expected
      const backend = backends.get(round.backend)
      if (backend === undefined || record.has(round) || !record.isOpen(round)) continue
      request.signal.throwIfAborted()
      listen({ kind: 'round', ...round, done, of })
      const running = context.child<Round>({
        task: 'round',
        input: taskOf(context, backend, round),
        cpus: record.run.placement.clientCpus,
        timeoutMs: request.roundTimeoutMs,
      })
      running.catch(() => 'awaited below, unless storing fails first')
      // What the last round brought is stored while the next process starts, which takes no time of its own.
      record.save()
      try {
        const result = await running
        record.add(round, result)
        listen({ kind: 'round-done', ...round, round: result, done: done + 1, of })
      } catch (error) {
        request.signal.throwIfAborted()
        const trouble = troubleOf(error, 'measure', { backend: round.backend })
        if (trouble.code === 'ONE_CALLER') {
          record.skipCell(round, trouble.message)
          continue
        }
        record.failCell(round, trouble)
        listen({ kind: 'cell-failed', ...round, trouble })
        // What cannot be connected to will not be there for the next scenario either.
        if (trouble.stage === 'connect') {
          context.failBackend(backend.spec, trouble)
          backends.delete(round.backend)
        }
      }
    }
    record.save()
  })
}

function taskOf({ request, record }: RunContext, { spec, provisioned }: LiveBackend, round: ScheduledRound): RoundTask {
  const samplesName = join(
    'samples',
    round.backend,
    round.scenario,
    folderOf(round.load),
    `${String(round.repetition).padStart(3, '0')}.ns`,
  )
  return {
    adapter: spec.adapter.id,
    scenario: round.scenario,
    configPath: request.configPath,
    address: provisioned.address,
    seed: request.seed,
    repetition: round.repetition,
    order: round.order,
    load: round.load,
    scale: request.plan.scale,
    roundNs: request.plan.roundNs,
    warmUpNs: request.plan.warmUpNs,
    maxOperations: isNull(spec) ? NULL_OPERATIONS : MAX_OPERATIONS,
    minOperations: 1,
    samplesPath: join(record.store.directory, samplesName),
    samplesName,
  }
}

/** The usual load needs no folder of its own. */
const folderOf = (load: Load): string => (loadKey(load) === loadKey(ONE_CALLER) ? '' : loadKey(load))
