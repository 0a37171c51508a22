import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { project, sqlatency, storedRun } from './testing/cli.ts'

/** SQLite in memory. The first process of all brings two others onto its own processor, which they never leave to it alone. */
const config = `
import { spawn } from 'node:child_process'
import { appendFileSync, readFileSync, existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { defineAdapter, defineConfig } from 'sqlatency'

const crowded = defineAdapter({
  id: 'crowded', title: 'Crowded', dialect: 'sqlite', reach: 'in-process', defaults: {},
  provision: async (_, scope) => ({ address: scope.directory, distance: null, servers: [], external: false }),
  connect: (directory) => {
    const log = process.cwd() + '/rounds.log'
    const isRound = process.send !== undefined
    const isFirst = isRound && !existsSync(log)
    if (isRound) appendFileSync(log, 'round ')
    const cpu = /^Cpus_allowed_list:\\s*(\\d+)/m.exec(readFileSync('/proc/thread-self/status', 'utf8'))[1]
    const burn = 'const end = Date.now() + 5000; while (Date.now() < end);'
    const others = isFirst ? [1, 2].map(() => spawn('taskset', ['-c', cpu, process.execPath, '-e', burn])) : []
    const database = new DatabaseSync(directory + '/crowded.db')
    const prepare = (text) => { const statement = database.prepare(text); return (args) => statement.all(...args) }
    return {
      mode: 'sync', prepare, batch(calls) { for (const [text, args] of calls) prepare(text)(args) },
      facts: () => ({ durability: 'undeclared', settings: {}, versions: {} }),
      close: () => { for (const other of others) other.kill('SIGKILL'); database.close() },
    }
  },
})

export default defineConfig({ adapters: [crowded], backends: { crowded: { adapter: 'crowded' } }, run: ['crowded', 'better-sqlite3'] })
`

const canPin = process.platform === 'linux' && existsSync('/usr/bin/taskset') && availableParallelism() > 1

test.runIf(canPin)('a round without a processor is measured again, with its pair, and kept apart', async () => {
  const folder = project({ 'sqlatency.config.ts': config })
  const small = [
    '--scenario',
    'point-read',
    '--rounds',
    '8',
    '--duration',
    '100ms',
    '--scale',
    '0.02',
    '--markers',
    '0',
  ]
  const { code, stdout } = await sqlatency(folder, ['run', '--quiet', ...small])
  expect(code).toBe(0)
  const run = storedRun(folder)
  const { repeated } = run
  expect(repeated.limit).toBe(4)
  expect(repeated.rounds.length % 2).toBe(0)
  expect(repeated.rounds.length).toBeGreaterThanOrEqual(2)
  const first = repeated.rounds.filter(({ backend }) => backend === 'crowded')[0]!
  expect(first.contended).toBe(true)
  const partner = repeated.rounds.find(
    ({ backend, round }) => backend === 'better-sqlite3' && round.repetition === first.round.repetition,
  )
  expect(partner).toBeDefined()
  const files = [
    ...repeated.rounds.map(({ round }) => round),
    ...run.cells.flatMap((cell) => ('rounds' in cell ? cell.rounds : [])),
  ]
  expect(new Set(files.map(({ samples }) => samples)).size).toBe(files.length)
  for (const { samples } of files) expect(existsSync(join(folder, 'results', 'latest', samples))).toBe(true)
  for (const cell of run.cells) {
    if (cell.outcome !== 'measured') throw new Error(`${cell.backend} is ${cell.outcome}`)
    expect(cell.rounds.map(({ repetition }) => repetition).toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(cell.estimates.operations).toBe(cell.rounds.reduce((sum, { operations }) => sum + operations, 0))
  }
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain('contended and measured again')
  expect(readFileSync(join(folder, 'results', 'latest', 'report.md'), 'utf8')).toContain('contended and measured again')
})
