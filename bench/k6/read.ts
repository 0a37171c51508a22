import { join } from 'node:path'
import { judgeK6 } from '../analyze/k6.ts'
import type { BackendSpec, K6Cell, K6Place, Run } from '../contract/index.ts'
import { messageOf, SqlatencyError } from '../contract/index.ts'
import { encodeSamples } from '../measure/samples.ts'
import { begin } from '../run/begin.ts'
import { troubleOf } from '../run/child.ts'
import type { RunRequest } from '../run/context.ts'
import type { RunRecord } from '../run/record.ts'
import { Workplace } from '../run/scope.ts'
import { fileNameOf, outputsIn } from './outputs.ts'
import { withoutExceptions } from './process.ts'
import type { K6Stream } from './stream.ts'
import { readStream, united } from './stream.ts'
import type { K6Timetable } from './write.ts'
import { offeredIn } from './write.ts'

export interface ReadRequest {
  /** Outputs of k6 processes elsewhere: `SCENARIO.ANYTHING.json.gz`, one a process. */
  readonly folder: string
  readonly timetable: K6Timetable
  /** Processes that shared each load there. */
  readonly segments: number
  /** One backend: the one that was asked there. */
  readonly run: RunRequest
}

/**
 * A run from what processes of k6 left elsewhere, as on Kubernetes: one load a scenario, judged as here.
 * @returns the run, also when it was interrupted
 */
export async function runFromOutputs({ folder, timetable, segments, run: request }: ReadRequest): Promise<Run> {
  await using place = new Workplace(request.signal)
  const outputs = outputsIn(folder)
  const record = begin(request, place)
  const cells = [null, ...request.scenarios.map(({ id }) => id)].map((scenario) => {
    const [{ id, adapter }] = request.backends as readonly [BackendSpec]
    return { backend: id, scenario, target: adapter.face === undefined ? 'serve' : 'worker' } as const
  })
  record.beginK6({
    version: null,
    ...timetable,
    segments,
    sessions: null,
    cells: cells.map((cell) => ({ ...cell, outcome: 'pending' })),
  })
  try {
    for (const cell of cells) {
      if (request.signal.aborted) break
      const files = outputs.get(fileNameOf(cell.scenario)) ?? []
      record.addK6(await cellFrom(cell, files, { timetable, segments, record }))
      record.save()
    }
  } catch (error) {
    record.tryToFinish()
    throw error
  }
  record.finish(request.signal.aborted ? 'interrupted' : 'complete')
  return record.run
}

async function cellFrom(
  place: K6Place,
  files: readonly string[],
  { timetable, segments, record }: Pick<ReadRequest, 'timetable' | 'segments'> & { readonly record: RunRecord },
): Promise<K6Cell> {
  if (files.length === 0) return { ...place, outcome: 'skipped', reason: 'there is no output of k6 for it.' }
  try {
    if (files.length > segments) throw new SqlatencyError('K6_FAILED', tooMany(files.length, segments))
    const read = await Promise.allSettled(files.map(readStream))
    const lost = read.flatMap((one, n) =>
      one.status === 'rejected'
        ? [{ segment: n + 1, why: `its output cannot be read: ${messageOf(one.reason)}.` }]
        : [],
    )
    for (let segment = files.length; segment < segments; segment += 1)
      lost.push({ segment: segment + 1, why: 'it left no output.' })
    const streams = read.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    const { answeredNs, errors, dropped } = streamOf(streams)
    const samples = join('samples', 'k6', `${place.backend}.${fileNameOf(place.scenario)}.ns`)
    record.store.write(samples, encodeSamples(answeredNs))
    const figures = judgeK6({ offered: offeredIn(timetable), answeredNs, errors, dropped, lost })
    return { ...place, outcome: 'measured', ...figures, samples }
  } catch (error) {
    return { ...place, outcome: 'failed', ...troubleOf(error, 'measure', { backend: place.backend }) }
  }
}

function streamOf(streams: readonly K6Stream[]): K6Stream {
  const stream = withoutExceptions(united(streams), [])
  if (stream.answeredNs.length > 0) return stream
  const [code = 'it ended in the warm-up, or nothing of it can be read'] = stream.errors.keys()
  throw new SqlatencyError('K6_FAILED', `No request was answered: ${code}.`)
}

const tooMany = (found: number, segments: number): string =>
  `There are ${found} outputs of k6 for a load of ${segments === 1 ? 'one process' : `${segments} processes`}; those of two loads are not pooled.`
