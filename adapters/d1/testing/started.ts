import { fileURLToPath } from 'node:url'
import type { AsyncSession } from '../../../bench/contract/index.ts'
import { ddl, rowCount, scenarioTexts, seedCalls, tableTexts } from '../../../bench/contract/index.ts'
import { testScope } from '../../testing/scope.ts'
import d1 from '../index.ts'
import { item, scenarios } from './fixture.ts'

export const fixtureModule = { path: fileURLToPath(new URL('./fixture.ts', import.meta.url)), name: 'scenarios' }

export const fixtureTexts = [
  ...scenarios.flatMap((scenario) => scenarioTexts(scenario, 'sqlite')),
  ...tableTexts(item, 'sqlite', rowCount(1)),
  'SELECT ? AS value',
  'INSERT INTO item (id) VALUES (?)',
]

/** The real runtime with the fixture's scenarios, and a session with it. */
export async function startFixture(options: Partial<typeof d1.defaults> = {}) {
  const scope = await testScope()
  try {
    const job = { texts: fixtureTexts, scenarioModules: [fixtureModule] }
    const provisioned = await d1.provision({ ...d1.defaults, ...options }, scope, job)
    const address = structuredClone(provisioned.address)
    const session = (await d1.connect(address)) as AsyncSession
    scope.defer(() => session.close())
    return { scope, provisioned, address, session, [Symbol.asyncDispose]: () => scope.close() }
  } catch (error) {
    await scope.close()
    throw error
  }
}

export async function seedFixture(session: AsyncSession): Promise<void> {
  await session.batch(ddl(item, 'sqlite').map((text) => [text, []]))
  await session.batch([...seedCalls(item, 'sqlite', 1, rowCount(1))])
}
