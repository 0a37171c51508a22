import { randomBytes } from 'node:crypto'
import type { Cell } from '../contract/index.ts'
import { rowCount, workTexts } from '../contract/index.ts'
import { CLOCK_NAME, clockReadNs } from '../measure/clock.ts'
import { plannedFacts } from './backend.ts'
import type { RunRequest } from './context.ts'
import { hostFacts } from './host.ts'
import { choosePlacement } from './placement.ts'
import { RunRecord } from './record.ts'
import type { Workplace } from './scope.ts'
import { datasetFacts } from './seed.ts'
import { Store } from './store.ts'

/** A new record with every cell pending, or the stored one that goes on. */
export function begin(request: RunRequest, place: Workplace): RunRecord {
  const { resume } = request
  if (resume !== null) return RunRecord.resume(new Store(request.output, resume.id), resume)
  const count = rowCount(request.plan.scale)
  const startedAt = new Date()
  const id = `${startedAt.toISOString().slice(0, 19).replaceAll(':', '-')}Z-${randomBytes(2).toString('hex')}`
  return RunRecord.begin(new Store(request.output, id), {
    schema: 1,
    id,
    startedAt: startedAt.toISOString(),
    finishedAt: null,
    status: 'running',
    harness: { version: request.version, commit: request.commit },
    plan: request.plan,
    seed: request.seed,
    host: hostFacts(place.directory),
    placement: choosePlacement(request.pin),
    clock: { name: CLOCK_NAME, readNs: clockReadNs() },
    datasets: [...new Set(request.scenarios.map(({ dataset }) => dataset))].map((dataset) =>
      datasetFacts(dataset, request.seed, count),
    ),
    scenarios: request.scenarios.map(({ id: scenario, title, why, kind, work, dataset }) => ({
      id: scenario,
      title,
      why,
      kind,
      shape: work.shape,
      dataset: dataset.id,
      statements: { sqlite: workTexts(work, 'sqlite'), postgres: workTexts(work, 'postgres') },
      answers: null,
    })),
    backends: request.backends.map(plannedFacts),
    cells: request.scenarios.flatMap((scenario) => request.backends.map((backend) => pending(backend.id, scenario.id))),
    lag: [],
    distance: null,
    spentNs: { setUp: 0, verify: 0, rounds: 0, measure: 0, lag: 0, analyze: 0 },
  })
}

const pending = (backend: string, scenario: string): Cell => ({
  backend,
  scenario,
  load: { kind: 'closed', callers: 1 },
  outcome: 'pending',
  rounds: [],
})
