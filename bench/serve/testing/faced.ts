import type { TestScope } from '../../../adapters/testing/scope.ts'
import { openCatalogue } from '../../catalogue.ts'
import { settle } from '../../commands/settings.ts'
import type { RowCount, Scenario } from '../../contract/index.ts'
import { rowCount, scenarioTexts, seedingTexts } from '../../contract/index.ts'
import type { LiveBackend } from '../../run/backend.ts'
import { withSession } from '../../run/backend.ts'
import { isNull } from '../../run/context.ts'
import { seed } from '../../run/seed.ts'
import type { FacedOptions } from '../faced.ts'
import { faced, SESSIONS } from '../faced.ts'
import type { LiveFace } from '../face.ts'

export const SEED = 7

export interface TestedFace {
  readonly backend: LiveBackend
  readonly face: LiveFace
  /** The address of the backend without its face. */
  readonly behind: unknown
  readonly scenarios: readonly Scenario[]
  readonly count: RowCount
}

/** A built-in backend with little data, seeded, behind a face. */
export async function faceOf(id: string, scope: TestScope, options: Partial<FacedOptions> = {}): Promise<TestedFace> {
  const { scenarios: all, scenarioModules } = await openCatalogue(null)
  const scenarios = options.scenarios ?? all.filter(({ start = 'warm' }) => start === 'warm')
  const { backends } = await settle({ backend: id, distances: '0' }, {})
  const { spec, live } = faced(backends[0]!, { sessions: SESSIONS, ...options, scenarios })
  const { adapter } = spec
  const count = rowCount(0.02)
  const tables = [...new Set(scenarios.map(({ dataset }) => dataset))].flatMap((dataset) => dataset.tables)
  const { dialect } = adapter
  const texts = [
    ...scenarios.flatMap((scenario) => scenarioTexts(scenario, dialect)),
    ...seedingTexts(tables, dialect, count),
  ]
  const provisioned = await adapter.provision(spec.options, scope, { texts, scenarioModules })
  if (!isNull(spec))
    await withSession(adapter.connectPrimary!(provisioned.address), async (session) => {
      await seed(session, { tables, dialect, seed: SEED, count, runId: 'test' })
    })
  const { behind } = provisioned.address as { behind: unknown }
  return { backend: { spec, provisioned }, face: live()!, behind, scenarios, count }
}
