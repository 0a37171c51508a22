import { expect, test } from 'vitest'
import { project, sqlatency, storedRun } from './testing/cli.ts'

/** An adapter as a user writes one: SQLite in memory, with a fault that a test chooses. */
const config = (fault: string): string => `
import { DatabaseSync } from 'node:sqlite'
import { defineAdapter, defineConfig } from 'sqlatency'

const fault = ${fault}

const suspect = defineAdapter({
  id: 'suspect',
  title: 'An adapter under suspicion',
  dialect: 'sqlite',
  reach: 'in-process',
  defaults: {},
  provision: async (_, scope) => ({ address: scope.directory + '/suspect.db', distance: null, servers: [], external: false }),
  connect: (file) => {
    const database = new DatabaseSync(file)
    const prepare = (text) => {
      const statement = database.prepare(text)
      return (args) => fault(text, statement.all(...args))
    }
    return {
      mode: 'sync',
      prepare,
      batch(calls) {
        database.exec('BEGIN')
        for (const [text, args] of calls) prepare(text)(args)
        database.exec('COMMIT')
      },
      facts: () => ({ durability: 'undeclared', settings: {}, versions: {} }),
      close: () => database.close(),
    }
  },
})

export default defineConfig({
  adapters: [suspect],
  backends: { suspect: { adapter: 'suspect' } },
  run: ['better-sqlite3', 'suspect'],
  only: ['point-read', 'range-read', 'insert', 'author-page'],
  plan: 'smoke', rounds: 1, duration: '5ms', scale: 0.02, lagMarkers: 0,
})`

const honest = '(text, rows) => rows'

test("an adapter of one's own that tells the truth is measured beside the others", async () => {
  const folder = project({ 'sqlatency.config.ts': config(honest) })
  const { code, stderr } = await sqlatency(folder, ['run'])
  expect(stderr).not.toContain('failed')
  expect(code).toBe(0)
  const run = storedRun(folder)
  expect(run.cells.map((cell) => cell.outcome)).toEqual(Array.from({ length: 8 }, () => 'measured'))
  for (const scenario of run.scenarios) expect(scenario.answers).toMatch(/^[0-9a-f]{16}$/)
})

test.each([
  [
    'a changed value',
    "(text, rows) => text.includes('body FROM post') ? rows.map((row) => ({ ...row, title: row.title + '!' })) : rows",
    'point-read',
  ],
  ['a missing row', "(text, rows) => text.includes('LIMIT 50') ? rows.slice(1) : rows", 'range-read'],
  ['another order', "(text, rows) => text.includes('GROUP BY') ? rows.toReversed() : rows", 'author-page'],
  ['a write that is not there', "(text, rows) => text.includes('count(*) - 40') ? rows.slice(0, -1) : rows", 'insert'],
])('%s ends with exit 4, and names scenario, backend and difference', async (_, fault, scenario) => {
  const folder = project({ 'sqlatency.config.ts': config(fault) })
  const { code, stderr } = await sqlatency(folder, ['run', '--quiet'])
  expect(code).toBe(4)
  expect(stderr).toMatch(
    new RegExp(`In ${scenario}, suspect answers differently from better-sqlite3: .+ instead of .+`),
  )
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(storedRun(folder).cells.every((cell) => cell.outcome === 'pending')).toBe(true)
})
