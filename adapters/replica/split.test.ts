import { expect, test } from 'vitest'
import { scenarios } from '../../scenarios/index.ts'
import { workTexts } from '../../bench/contract/index.ts'
import { isRead } from './split.ts'

test.each([
  'SELECT 1',
  '  select "update" FROM t',
  "SELECT 'for update' FROM t",
  'WITH a AS (SELECT 1) SELECT * FROM a',
  'VALUES (1)',
  'EXPLAIN SELECT 1',
])('%s is a read', (text) => expect(isRead(text)).toBe(true))

test.each([
  'INSERT INTO t VALUES (1)',
  'UPDATE t SET a = 1',
  'DELETE FROM t',
  'CREATE TABLE t (a)',
  'SELECT * FROM t FOR UPDATE',
  'SELECT * FROM t FOR NO KEY UPDATE',
  'SELECT 1 INTO t',
  'WITH a AS (DELETE FROM t RETURNING *) SELECT * FROM a',
  'WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a',
  'ANALYZE t',
  'SET a = 1',
])('%s goes to the primary', (text) => expect(isRead(text)).toBe(false))

test('statements of scenarios that only read are reads, in both dialects', () => {
  for (const { work, kind } of scenarios.filter((one) => one.kind === 'read'))
    for (const dialect of ['sqlite', 'postgres'] as const)
      for (const text of workTexts(work, dialect)) expect(isRead(text), `${kind}: ${text}`).toBe(true)
})
