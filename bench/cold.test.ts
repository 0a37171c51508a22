import { expect, test } from 'vitest'
import { defineScenario } from './contract/index.ts'
import { scenarios } from '../scenarios/index.ts'
import { plans } from './plans/index.ts'
import { project, sqlatency, storedRun } from './testing/cli.ts'

test('cold starts are verified like any other scenario, measured once a process, and never warmed up', async () => {
  const folder = project()
  const small = ['--rounds', '2', '--scale', '0.02', '--backend', 'null,better-sqlite3,postgres-local,d1-worker']
  const { code, stderr } = await sqlatency(folder, ['run', '--quiet', '--plan', 'cold', ...small])
  expect(stderr).toBe('')
  expect(code).toBe(0)
  const run = storedRun(folder)
  expect(run.scenarios.map(({ id, start }) => [id, start])).toEqual([
    ['connect-first', 'connect'],
    ['first-hundred', 'cold'],
  ])
  for (const { answers } of run.scenarios) expect(answers).toMatch(/^[0-9a-f]{16}$/)
  expect(run.cells).toHaveLength(8)
  for (const cell of run.cells) {
    if (cell.outcome !== 'measured') throw new Error(`${cell.backend} is ${cell.outcome}`)
    const operations = cell.scenario === 'connect-first' ? 1 : 100
    const places = cell.scenario === 'connect-first' ? [1] : [1, 2, 3, 10, 30, 100]
    expect(cell.estimates.opening.map(({ nth }) => nth)).toEqual(places)
    expect(cell.rounds).toHaveLength(cell.backend === 'null' ? 1 : 2)
    for (const round of cell.rounds) {
      expect(round.operations).toBe(operations)
      expect(round.warmUp).toEqual({ operations: 0, durationNs: 0, transientNs: null, steady: null })
      if (operations === 1) expect(round.measuredNs).toBeGreaterThan(round.connectNs)
    }
    // One operation a round says nothing of a tail.
    for (const { p, ns } of cell.estimates.quantiles) if (p >= 0.9) expect(ns).toBeNull()
  }
})

test('the default plan starts warm, and the cold plan has all others', () => {
  expect(plans['default']!.scenarios).toBe('all')
  const cold = scenarios.filter(({ start = 'warm' }) => start !== 'warm').map(({ id }) => id)
  expect(plans['cold']!.scenarios).toEqual(cold)
})

test('a default run leaves cold starts out', async () => {
  const { stdout } = await sqlatency(project(), ['run', '--dry-run'])
  expect(stdout).toContain('point-read')
  expect(stdout).not.toContain('connect-first')
})

test('a scenario that writes cannot start cold', () => {
  const insert = scenarios.find(({ id }) => id === 'insert')!
  expect(() => defineScenario({ ...insert, start: 'cold' })).toThrow('tidying up')
})
