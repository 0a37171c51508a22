import { join } from 'node:path'
import type { LagCell } from '../contract/index.ts'
import type { LiveBackend } from './backend.ts'
import { troubleOf } from './child.ts'
import type { RunContext } from './context.ts'
import { isNull } from './context.ts'
import type { LagTask } from './lag-cell.ts'

/** A marker that is not seen for so long is counted as never seen. */
const MARKER_TIMEOUT_NS = 10e9
/** Enough for a median; a session that waits for its replica waits as often. */
const OWN_WRITES = 50
const READING_NS = 1e9
const LAG_TIMEOUT_MS = 120_000
/** Twice the markers, each after a pause of up to twice the expected lag, and then the lag. */
const PER_MARKER = 6

/** Replication lag of every backend that has a replica, and for the others the reason why there is none. */
export async function runLag(context: RunContext, live: readonly LiveBackend[]): Promise<void> {
  const { record, request, listen } = context
  if (request.plan.lagMarkers === 0) return
  await record.spend('lag', async () => {
    for (const backend of live) {
      const { id } = backend.spec
      if (isNull(backend.spec) || backend.spec.movedFrom !== null || record.hasLag(id)) continue
      request.signal.throwIfAborted()
      listen({ kind: 'lag', backend: id })
      const lag = await lagOf(context, backend)
      record.addLag(lag)
      record.save()
      listen({ kind: 'lag-done', lag })
    }
  })
}

async function lagOf(context: RunContext, backend: LiveBackend): Promise<LagCell> {
  const { request, record } = context
  const { spec, provisioned } = backend
  if (spec.adapter.replication === undefined) return { backend: spec.id, outcome: 'none', reason: oneCopy(backend) }
  const { replication } = spec.adapter
  const here = replication.configured?.(provisioned.address) ?? replication
  if ('none' in here) return { backend: spec.id, outcome: 'none', reason: here.none }
  const timeoutMs = LAG_TIMEOUT_MS + (request.plan.lagMarkers * PER_MARKER * here.expectedLagNs) / 1e6
  const samplesName = join('samples', spec.id, 'lag.ndjson')
  const input: LagTask = {
    adapter: spec.adapter.id,
    backend: spec.id,
    configPath: request.configPath,
    address: provisioned.address,
    seed: request.seed,
    markers: request.plan.lagMarkers,
    writesPerSecond: request.plan.lagWritesPerSecond,
    timeoutNs: MARKER_TIMEOUT_NS,
    probes: OWN_WRITES,
    readingNs: READING_NS,
    samplesPath: join(record.store.directory, samplesName),
    samplesName,
  }
  try {
    // Two threads that wait for each other: pinned to one processor, each would measure the other.
    return await context.child<LagCell>({ task: 'lag', input, cpus: null, timeoutMs })
  } catch (error) {
    request.signal.throwIfAborted()
    return { backend: spec.id, outcome: 'failed', ...troubleOf(error, 'lag', { backend: spec.id }) }
  }
}

function oneCopy({ provisioned }: LiveBackend): string {
  if (provisioned.external)
    return 'Whether this server has replicas, and how far they lag, cannot be seen through its URL.'
  return 'There is one copy of the data.'
}
