import type { Session, Table } from '../contract/index.ts'
import { messageOf, SqlatencyError } from '../contract/index.ts'
import type { LiveBackend } from './backend.ts'
import { connectPrimary, moveAway, provision, withSession } from './backend.ts'
import type { RunContext } from './context.ts'
import { isNull } from './context.ts'
import type { Workplace } from './scope.ts'
import type { SeedJob } from './seed.ts'
import { seed, unseed } from './seed.ts'

/**
 * Brings every backend up and fills it. Servers start one after another, because a distance is measured when it is put
 * in place and wants a quiet machine; seeding, which mostly waits, goes on together.
 * @returns the backends that are up
 */
export function setUp(context: RunContext): Promise<LiveBackend[]> {
  const { request, place, record, listen, tables, count } = context
  return record.spend('setUp', async () => {
    const up: LiveBackend[] = []
    for (const spec of request.backends.filter(({ movedFrom }) => movedFrom === null)) {
      listen({ kind: 'backend', backend: spec.id, state: 'starting' })
      const input = { scenarios: request.scenarios, tables, modules: request.scenarioModules, count }
      const backend = await context.attempt(spec, 'provision', () =>
        provision(spec, place, record.run.placement, input),
      )
      if (backend === null) continue
      up.push(backend)
      for (const { container } of backend.provisioned.servers)
        if (container !== undefined) listen({ kind: 'container', backend: spec.id, container })
    }
    // Nobody seeds any more when the teardowns begin.
    const settled = await Promise.allSettled(up.map((backend) => fill(context, backend)))
    const filled = settled.map((one) => {
      if (one.status === 'rejected') throw one.reason
      return one.value
    })
    record.save()
    const here = filled.filter((backend) => backend !== null)
    return [...here, ...(await moveAll(context, here))]
  })
}

/** Every backend at its further distances, one after another: each distance is measured when it is put in place. */
async function moveAll(context: RunContext, here: readonly LiveBackend[]): Promise<LiveBackend[]> {
  const { request, place, record, listen } = context
  const moved: LiveBackend[] = []
  for (const spec of request.backends.filter(({ movedFrom }) => movedFrom !== null)) {
    listen({ kind: 'backend', backend: spec.id, state: 'starting' })
    const backend = await context.attempt(spec, 'provision', () => {
      const base = here.find((one) => one.spec.id === spec.movedFrom)
      if (base === undefined)
        throw new SqlatencyError('BACKEND_FAILED', `${spec.movedFrom} did not come up, so it cannot be moved.`, {
          backend: spec.movedFrom ?? '',
        })
      return moveAway(spec, base, place, record.run.placement)
    })
    if (backend !== null) moved.push(backend)
  }
  return moved
}

function fill(context: RunContext, backend: LiveBackend): Promise<LiveBackend | null> {
  const { spec } = backend
  return context.attempt(spec, 'connect', async (enter) => {
    if (isNull(spec)) return backend
    context.listen({ kind: 'backend', backend: spec.id, state: 'seeding' })
    await withSession(connectPrimary(backend), async (session) => {
      enter('seed')
      await seedOne(context, backend, session)
    })
    return backend
  })
}

function seedOne({ request, record, place, tables, count }: RunContext, backend: LiveBackend, session: Session) {
  return seedBackend(
    backend,
    session,
    { tables, seed: request.seed, count, runId: record.run.id, signal: request.signal },
    place,
  )
}

/** Fills a backend that is up, and has what was made in a database that was there before taken away at the end. */
export async function seedBackend(
  backend: LiveBackend,
  session: Session,
  job: Omit<SeedJob, 'dialect'>,
  place: Workplace,
): Promise<void> {
  const { dialect } = backend.spec.adapter
  const created: Table[] = []
  // What the harness started goes as a whole; in a database that was there before, its own tables go.
  if (backend.provisioned.external && backend.provisioned.goesWhole !== true)
    place.defer(async () => {
      if (created.length === 0) return
      try {
        await withSession(connectPrimary(backend), (fresh) => unseed(fresh, created, dialect))
      } catch (error) {
        const names = created.map(({ name }) => name).join(', ')
        throw new Error(`${backend.spec.id} may still hold the tables ${names}: ${messageOf(error)}`, { cause: error })
      }
    })
  await seed(session, { ...job, dialect }, created)
}
