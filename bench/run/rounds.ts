import { join } from 'node:path'
import type { Load, Round } from '../contract/index.ts'
import { loadKey, ONE_CALLER } from '../contract/index.ts'
import type { LiveBackend } from './backend.ts'
import type { RoundTask } from './cell.ts'
import { troubleOf } from './child.ts'
import type { RunContext } from './context.ts'
import { isNull } from './context.ts'
import type { ScheduledRound } from './schedule.ts'

/** Operations of one round are kept in memory until it ends: 4 million are 32 MB. */
const MAX_OPERATIONS = 4_000_000
/** The floor needs no more to be known to a nanosecond. */
const NULL_OPERATIONS = 10_000

/** Which rounds there are, and in which order. A round is asked for when the one before it has ended. */
export interface RoundSource {
  /** As far as is known now, for whoever shows how far it is. */
  readonly expected: number
  readonly rounds: Iterable<ScheduledRound> | AsyncIterable<ScheduledRound>
}

/** Chooses the rounds of a run whose backends are up and verified. */
export type ChooseRounds = (context: RunContext) => RoundSource

/** Every round of the source, each in a fresh process and stored when it ends. */
export function runRounds(context: RunContext, live: readonly LiveBackend[], source: RoundSource): Promise<void> {
  const { record } = context
  const backends = new Map(live.map((backend) => [backend.spec.id, backend]))
  return record.spend('rounds', async () => {
    let done = 0
    for await (const round of source.rounds) {
      await runRound(context, backends, round, { done, of: source.expected })
      done += 1
    }
    record.save()
  })
}

/** One round, unless its cell or backend has failed meanwhile. A backend that cannot be connected to is taken out. */
async function runRound(
  context: RunContext,
  backends: Map<string, LiveBackend>,
  round: ScheduledRound,
  { done, of }: { readonly done: number; readonly of: number },
): Promise<void> {
  const { record, request, listen } = context
  const backend = backends.get(round.backend)
  if (backend === undefined || !record.isOpen(round)) return
  request.signal.throwIfAborted()
  listen({ kind: 'round', ...round, done, of })
  const running = context.child<Round>({
    task: 'round',
    input: { ...taskOf(context, backend, round), ...distanceOf(backend, backends) },
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
      return
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

type OfDistance = 'nearAddress' | 'echo'

/** A backend that is measured at several distances asks for round trips, in every round anew; here, the same servers of echoes. */
function distanceOf(
  { spec, provisioned: { distance } }: LiveBackend,
  backends: ReadonlyMap<string, LiveBackend>,
): Pick<RoundTask, OfDistance> {
  if (spec.movedFrom !== null)
    return {
      nearAddress: backends.get(spec.movedFrom)?.provisioned.address ?? null,
      echo: distance && { ...distance.echo, rttNs: distance.measuredRttNs },
    }
  const moved = [...backends.values()].find(
    ({ spec: other, provisioned }) => other.movedFrom === spec.id && provisioned.distance !== null,
  )?.provisioned.distance
  return {
    nearAddress: null,
    echo: moved ? { far: moved.echo.here, here: moved.echo.here, rttNs: moved.directRttNs } : null,
  }
}

function taskOf(
  { request, record }: RunContext,
  { spec, provisioned }: LiveBackend,
  round: ScheduledRound,
): Omit<RoundTask, OfDistance> {
  const attempts = record.attempts(round)
  const name = String(round.repetition).padStart(3, '0') + (attempts === 0 ? '' : `-${attempts + 1}`)
  const samplesName = join('samples', round.backend, round.scenario, folderOf(round.load), `${name}.ns`)
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
    warmUpMostNs: request.plan.warmUpMostNs,
    maxOperations: isNull(spec) ? NULL_OPERATIONS : MAX_OPERATIONS,
    minOperations: 1,
    samplesPath: join(record.store.directory, samplesName),
    samplesName,
  }
}

/** The usual load needs no folder of its own. */
const folderOf = (load: Load): string => (loadKey(load) === loadKey(ONE_CALLER) ? '' : loadKey(load))
