import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import betterSqlite3 from '../../adapters/better-sqlite3.ts'
import { asAsync } from '../../adapters/replica/as-async.ts'
import insert from '../../scenarios/insert.ts'
import type { Adapter, SyncSession } from '../contract/index.ts'
import { rowCount } from '../contract/index.ts'
import { measureRound } from './cell.ts'
import { seed } from './seed.ts'

test('the clock starts when a replica has what was restored before', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'sqlatency-cell-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const address = { file: join(directory, 'file.db'), durability: 'relaxed' } as const
  const open = () => betterSqlite3.connect(address) as SyncSession
  const seeding = open()
  const tables = insert.dataset.tables
  await seed(seeding, { tables, dialect: 'sqlite', seed: 1, count: rowCount(0.01), runId: 'test' })
  seeding.close()

  const seen: string[] = []
  const adapter = {
    ...betterSqlite3,
    connect() {
      const session = asAsync(open())
      return {
        ...session,
        prepare(text: string) {
          const query = session.prepare(text)
          return (args: Parameters<typeof query>[0]) => {
            seen.push(text.split(' ', 1)[0]!)
            return query(args)
          }
        },
        catchUp: async () => void seen.push('catch up'),
      }
    },
  } as unknown as Adapter
  const samplesPath = join(directory, 'samples.ns')
  const rest = {
    adapter: '',
    scenario: '',
    configPath: null,
    order: 0,
    samplesName: 'samples.ns',
    samplesPath,
    address,
    nearAddress: null,
    echo: null,
  }
  const budget = { roundNs: 1, warmUpNs: 1, warmUpMostNs: 1, maxOperations: 1, minOperations: 1 }
  const load = { kind: 'closed', callers: 1 } as const
  await measureRound(
    adapter,
    insert,
    { ...rest, ...budget, load, seed: 1, repetition: 0, scale: 0.01 },
    () => undefined,
  )
  expect(seen.slice(-4)).toEqual(['DELETE', 'catch up', 'INSERT', 'DELETE'])
})
