import { randomBytes } from 'node:crypto'
import type { Cell, Load, Scenario } from '../contract/index.ts'
import { ONE_CALLER, rowCount, workTexts } from '../contract/index.ts'
import { CLOCK_NAME, clockReadNs } from '../measure/clock.ts'
import { plannedFacts } from './backend.ts'
import type { RunRequest } from './context.ts'
import { isNull } from './context.ts'
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
  const id = newRunId(startedAt)
  return RunRecord.begin(new Store(request.output, id), {
    schema: 1,
    id,
    startedAt: startedAt.toISOString(),
    finishedAt: null,
    status: 'running',
    harness: { version: request.version, commit: request.commit },
    project: request.project,
    plan: request.plan,
    seed: request.seed,
    region: request.region,
    sources: [],
    host: hostFacts(place.directory),
    placement: choosePlacement(request.pin),
    clock: { name: CLOCK_NAME, readNs: clockReadNs() },
    datasets: [...new Set(request.scenarios.map(({ dataset }) => dataset))].map((dataset) =>
      datasetFacts(dataset, request.seed, count),
    ),
    scenarios: request.scenarios.map(({ id: scenario, title, why, kind, work, start = 'warm', dataset }) => ({
      id: scenario,
      title,
      why,
      kind,
      shape: work.shape,
      start,
      dataset: dataset.id,
      statements: { sqlite: workTexts(work, 'sqlite'), postgres: workTexts(work, 'postgres') },
      answers: null,
    })),
    backends: request.backends.map(plannedFacts),
    // Where no round is planned, others look at the scenarios.
    cells: (request.plan.rounds === 0 ? [] : request.scenarios).flatMap((scenario) =>
      request.backends.map((backend) => pendingCell(backend.id, scenario.id, firstLoad(request, scenario))),
    ),
    lag: [],
    repeated: { limit: repeatLimit(request), limitReached: false, rounds: [] },
    distance: null,
    k6: null,
    spentNs: { setUp: 0, verify: 0, rounds: 0, measure: 0, lag: 0, analyze: 0 },
  })
}

/** A sweep finds out first what each backend can do, and a cold start is one caller's. */
function firstLoad({ plan }: RunRequest, { start = 'warm' }: Scenario): Load {
  return plan.load.kind === 'sweep' || start !== 'warm' ? ONE_CALLER : plan.load
}

/** Of one scenario: however short a run is, so many may be measured again. */
const LEAST_REPETITIONS = 2

/** The harness alone is not measured again. */
function repeatLimit({ plan, backends, scenarios }: RunRequest): number {
  const databases = backends.filter((backend) => !isNull(backend)).length
  const loads = plan.load.kind === 'sweep' ? 1 + plan.load.shares.length : 1
  if (plan.repeatShare === 0) return 0
  const share = Math.floor(plan.repeatShare * plan.rounds * databases * scenarios.length * loads)
  return Math.max(share, LEAST_REPETITIONS * databases)
}

/** Sorts by time, and is a name of its own on every machine. */
export const newRunId = (at: Date): string =>
  `${at.toISOString().slice(0, 19).replaceAll(':', '-')}Z-${randomBytes(2).toString('hex')}`

export const pendingCell = (backend: string, scenario: string, load: Load): Cell => ({
  backend,
  scenario,
  load,
  outcome: 'pending',
  rounds: [],
})
