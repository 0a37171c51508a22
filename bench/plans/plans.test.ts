import { describe, expect, test } from 'vitest'
import { scenarios } from '../../scenarios/index.ts'
import { settle } from '../commands/settings.ts'
import { project, sqlatency, storedRun } from '../testing/cli.ts'
import { builtInBackends } from './backends.ts'
import { plans } from './index.ts'

test.each(Object.entries(plans))(
  '%s names itself, and only what exists',
  (id, { plan, backends, scenarios: chosen }) => {
    expect(plan.name).toBe(id)
    expect(plan.warmUpMostNs).toBeGreaterThanOrEqual(plan.warmUpNs)
    for (const backend of backends) expect(Object.keys(builtInBackends)).toContain(backend)
    if (chosen !== 'all') for (const one of chosen) expect(scenarios.map((scenario) => scenario.id)).toContain(one)
  },
)

test('a variant is its adapter with other options, known by name and in no plan', async () => {
  const variants = {
    'turso-replica-interval': { syncIntervalMs: 100, readYourWrites: false },
    'turso-replica-no-ryw': { syncIntervalMs: 0, readYourWrites: false },
    'postgres-standby-remote-apply': { synchronousCommit: 'remote_apply', readYourWrites: true },
    'postgres-standby-off': { synchronousCommit: 'off', readYourWrites: true },
  }
  const { backends } = await settle({ backend: Object.keys(variants).join(',') }, {})
  expect(backends.map(({ id }) => id)).toEqual(Object.keys(variants))
  for (const [n, options] of Object.values(variants).entries()) expect(backends[n]).toMatchObject({ options })
  for (const { backends: planned } of Object.values(plans))
    for (const id of Object.keys(variants)) expect(planned).not.toContain(id)
})

describe.each(['durable', 'relaxed'] as const)('%s', (name) => {
  test('has every scenario that writes and no other', () => {
    const writing = scenarios.filter(({ kind }) => kind !== 'read').map(({ id }) => id)
    expect(plans[name]!.scenarios).toEqual(writing)
  })

  test('is what live sessions say while they are measured', async () => {
    const folder = project()
    const small = ['--rounds', '1', '--duration', '10ms', '--warm-up', '5ms', '--scale', '0.02', '--scenario', 'insert']
    const backends = ['--backend', 'better-sqlite3,postgres-local']
    const { code } = await sqlatency(folder, ['run', '--quiet', '--plan', name, ...backends, ...small])
    expect(code).toBe(0)
    const { cells, plan } = storedRun(folder)
    expect(plan.durability).toBe(name)
    expect(cells).toHaveLength(2)
    for (const cell of cells) expect(cell).toMatchObject({ outcome: 'measured', rounds: [{ durability: name }] })
  })
})
