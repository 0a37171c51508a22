import { expect, test } from 'vitest'
import type { AsyncSession } from '../bench/contract/index.ts'
import { LIST_TABLES } from '../bench/contract/index.ts'
import { conforms } from './testing/conformance.ts'
import { testScope } from './testing/scope.ts'
import adapter from './turso-sync.ts'

conforms('turso-sync', adapter)

test('a new database shows no table of the engine, also after writes were pushed and pulled', async () => {
  await using scope = await testScope()
  const { address } = await adapter.provision({}, scope, { texts: [], scenarioModules: [] })
  const tables = async (): Promise<unknown> => {
    const session = (await adapter.connect(address)) as AsyncSession
    const rows = await session.prepare(LIST_TABLES.sqlite)([])
    await session.close()
    return rows
  }
  expect(await tables()).toEqual([])
  const session = (await adapter.connect(address)) as AsyncSession
  await session.batch([
    ['CREATE TABLE mine (id INTEGER PRIMARY KEY)', []],
    ['INSERT INTO mine VALUES (1)', []],
  ])
  await session.close()
  expect(await tables()).toEqual([{ name: 'mine' }])
})
