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

/** Every round that is not stored yet. A sweep measures what each backend can do first, and then loads of it. */
export async function runRounds(context: RunContext, live: readonly LiveBackend[]): Promise<void> {
  await runScheduled(context, live)
  if (planSweep(context)) await runScheduled(context, live)
}

/** In the shuffled order, each in a fresh process and stored when it ends. */
function runScheduled(context: RunContext, live: readonly LiveBackend[]): Promise<void> {
  const { record, request, listen } = context
  const backends = new Map(live.map((backend) => [backend.spec.id, backend]))
  const floor = new Set(request.backends.filter(isNull).map(({ id }) => id))
  const rounds = schedule(record.run).filter(
    ({ backend, repetition }) => !floor.has(backend) || repetition < NULL_ROUNDS,
  )
  return record.spend('rounds', async () => {
    for (const [done, round] of rounds.entries()) {
      const backend = backends.get(round.backend)
      if (backend === undefined || record.has(round) || !record.isOpen(round)) continue
      request.signal.throwIfAborted()
      listen({ kind: 'round', ...round, done, of: rounds.length })
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
        listen({ kind: 'round-done', ...round, round: result, done: done + 1, of: rounds.length })
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
