import { join } from 'node:path'
import { judgeK6 } from '../analyze/k6.ts'
import type { K6Figures, Scenario } from '../contract/index.ts'
import { SqlatencyError } from '../contract/index.ts'
import { encodeSamples } from '../measure/samples.ts'
import type { LiveBackend } from '../run/backend.ts'
import { connectPrimary, withSession } from '../run/backend.ts'
import type { RunContext } from '../run/context.ts'
import { isNull } from '../run/context.ts'
import { restore } from '../run/seed.ts'
import type { Faced } from '../serve/faced.ts'
import type { K6Binary } from './binary.ts'
import { fileNameOf } from './outputs.ts'
import { runSegments } from './segments.ts'
import type { K6Timetable } from './write.ts'
import { offeredIn } from './write.ts'

export interface K6Work {
  readonly k6: K6Binary
  readonly script: string
  readonly timetable: K6Timetable
  readonly segments: number
  readonly context: RunContext
}

/** Requests that do nothing: as the script and the face know them. */
const EMPTY = '/empty'
/** Beyond the timetable: starting k6, its grace for what is under way, and writing its output. */
const SPARE_MS = 60_000

/** One load of k6 against one backend: a scenario, or null for requests that do nothing. */
export async function measureK6(
  { k6, script, timetable, segments, context }: K6Work,
  { spec, live }: Faced,
  backend: LiveBackend,
  scenario: Scenario | null,
): Promise<K6Figures> {
  const { request, place, record, count } = context
  const name = `${spec.id}.${fileNameOf(scenario?.id ?? null)}`
  const tidy = async (): Promise<void> => {
    const grows = scenario?.grows ?? []
    if (isNull(spec) || grows.length === 0) return
    await withSession(connectPrimary(backend), (session) => restore(session, grows, spec.adapter.dialect, count))
  }
  await tidy()
  const job = {
    k6,
    script,
    scenario: scenario?.id ?? EMPTY,
    face: spec.adapter.face!(backend.provisioned.address),
    output: join(place.directory, `${name}.json.gz`),
    timeoutMs: (timetable.durationNs + timetable.warmUpNs) / 1e6 + SPARE_MS,
    signal: request.signal,
  }
  const { answeredNs, errors, dropped, lost } = await runSegments(job, segments)
  await tidy()
  if (answeredNs.length === 0) {
    const why = live()?.firstFailure() ?? null
    const [code = `k6 dropped ${dropped}, and ended in the warm-up`] = errors.keys()
    throw new SqlatencyError('K6_FAILED', `No request was answered: ${code}${why === null ? '' : `, ${why}`}.`)
  }
  const samples = join('samples', 'k6', `${name}.ns`)
  record.store.write(samples, encodeSamples(answeredNs))
  return { ...judgeK6({ offered: offeredIn(timetable), answeredNs, errors, dropped, lost }), samples }
}
