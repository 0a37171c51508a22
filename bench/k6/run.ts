import type { K6Place, Run } from '../contract/index.ts'
import { begin } from '../run/begin.ts'
import type { LiveBackend } from '../run/backend.ts'
import { troubleOf } from '../run/child.ts'
import type { RunRequest } from '../run/context.ts'
import { isNull, RunContext } from '../run/context.ts'
import type { Listener } from '../run/progress.ts'
import { Workplace } from '../run/scope.ts'
import { setUp } from '../run/set-up.ts'
import { verify } from '../run/verify.ts'
import type { Faced } from '../serve/faced.ts'
import { faced } from '../serve/faced.ts'
import type { K6Binary } from './binary.ts'
import type { K6Work } from './measure.ts'
import { measureK6 } from './measure.ts'
import type { K6Timetable } from './write.ts'
import { writeScript } from './write.ts'

export interface K6Request {
  readonly k6: K6Binary
  readonly timetable: K6Timetable
  /** Processes of k6 that share each load. */
  readonly segments: number
  readonly sessions: number
  /** Backends as they are; plan of no rounds. */
  readonly run: RunRequest
}

/**
 * Sets every backend up behind its face, compares their answers through it, and lets k6 ask: one load a backend and scenario,
 * one after another.
 * @returns the run, also when it was interrupted
 */
export async function runWithK6(
  { k6, timetable, segments, sessions, run: asked }: K6Request,
  listen: Listener,
): Promise<Run> {
  await using place = new Workplace(asked.signal)
  const faces = asked.backends.map((spec) => faced(spec, { scenarios: asked.scenarios, sessions }))
  const request = { ...asked, backends: faces.map(({ spec }) => spec) }
  const record = begin(request, place)
  const context = new RunContext(request, place, record, listen)
  const cells = faces.flatMap((face) => placesOf(face, asked))
  record.beginK6({ version: k6.version, ...timetable, segments, sessions, cells })
  listen({
    kind: 'begin',
    runId: record.run.id,
    directory: record.store.directory,
    backends: request.backends.map(({ id }) => id),
    scenarios: request.scenarios.map(({ id }) => id),
  })
  try {
    const script = writeScript(place.scope('_k6', null).directory, request.scenarios, timetable, {
      seed: request.seed,
      count: context.count,
    })
    const live = await verify(context, await setUp(context))
    await record.spend('rounds', async () => {
      for (const backend of live) {
        const face = faces.find(({ spec }) => spec.id === backend.spec.id)!
        await lookAt({ k6, script, timetable, segments, context }, face, backend)
      }
    })
  } catch (error) {
    if (!request.signal.aborted) {
      record.tryToFinish()
      throw error
    }
  }
  listen({ kind: 'analyzing' })
  const status = record.finish(request.signal.aborted ? 'interrupted' : 'complete')
  listen({ kind: 'end', status })
  return record.run
}

/** The empty request first, then every scenario. A backend without a database has nothing but the first. */
function placesOf({ spec, target }: Faced, { scenarios }: RunRequest) {
  const asked = isNull(spec) ? [null] : [null, ...scenarios.map(({ id }) => id)]
  return asked.map((scenario) => ({ backend: spec.id, scenario, target, outcome: 'pending' }) as const)
}

async function lookAt(work: K6Work, face: Faced, backend: LiveBackend): Promise<void> {
  const { context } = work
  const { request, record, listen } = context
  for (const { scenario } of placesOf(face, request)) {
    const place: K6Place = { backend: face.spec.id, scenario, target: face.target }
    listen({ kind: 'k6', backend: place.backend, scenario })
    try {
      const found = request.scenarios.find(({ id }) => id === scenario) ?? null
      record.addK6({ ...place, outcome: 'measured', ...(await measureK6(work, face, backend, found)) })
    } catch (error) {
      request.signal.throwIfAborted()
      record.addK6({ ...place, outcome: 'failed', ...troubleOf(error, 'measure', { backend: place.backend }) })
    }
    record.save()
    listen({
      kind: 'k6-done',
      cell: record.run.k6!.cells.find((one) => one.backend === place.backend && one.scenario === scenario)!,
    })
  }
}
