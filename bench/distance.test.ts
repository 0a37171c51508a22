import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { settle } from './commands/settings.ts'
import type { Run } from './contract/index.ts'
import { namedDistances } from './contract/index.ts'
import { project, sqlatency } from './testing/cli.ts'

const NO_ENVIRONMENT = {}
const backendsOf = async (flags: Parameters<typeof settle>[0]): Promise<string[]> =>
  (await settle(flags, NO_ENVIRONMENT)).backends.map(({ id }) => id)

describe('asking for distances', () => {
  it('measures what can be moved at each, in rising order, and everything else once', async () => {
    expect(await backendsOf({ backend: 'better-sqlite3,postgres-local,null', distances: '20,0,1ms,500us,20' })).toEqual(
      ['better-sqlite3', 'postgres-local', 'postgres-local@0.5ms', 'postgres-local@1ms', 'postgres-local@20ms', 'null'],
    )
    expect(await backendsOf({ backend: 'postgres-remote', distances: '5' })).toEqual(['postgres-remote'])
  })

  it('leaves a database that was given by its URL where it is', async () => {
    const env = { SQLATENCY_POSTGRES_LOCAL_URL: 'postgres://u:p@127.0.0.1:1/x' }
    const { backends } = await settle({ backend: 'postgres-local', distances: '5' }, env)
    expect(backends.map(({ id }) => id)).toEqual(['postgres-local'])
  })

  it('knows places by name, each with its source, from near to far', async () => {
    const { plan, backends } = await settle(
      { backend: 'd1-worker', distances: 'same-zone,cross-ocean' },
      NO_ENVIRONMENT,
    )
    expect(plan.rttsNs).toEqual([0.5e6, 150e6])
    expect(backends.at(-1)).toMatchObject({ id: 'd1-worker@150ms', movedFrom: 'd1-worker', options: { rttMs: 150 } })
    const all = Object.values(namedDistances)
    expect(all.map(({ rttMs }) => rttMs)).toEqual(all.map(({ rttMs }) => rttMs).toSorted((a, b) => a - b))
    for (const { source } of all) expect(source).toMatch(/\w/)
  })

  it('passes the emulator on to every backend that has one', async () => {
    const { backends } = await settle(
      { backend: 'better-sqlite3,postgres-local', distances: '5', emulator: 'relay' },
      NO_ENVIRONMENT,
    )
    expect(backends.map(({ options }) => options.emulator)).toEqual([undefined, 'relay', 'relay'])
  })

  it.each([
    ['cross-oceans', 'UNKNOWN_NAME'],
    ['-5', 'USAGE'],
    ['11000', 'USAGE'],
    ['5 parsecs', 'USAGE'],
  ])('refuses %s', async (distances, code) => {
    await expect(settle({ distances }, NO_ENVIRONMENT)).rejects.toMatchObject({ code })
  })

  it('has a plan for it', async () => {
    const ids = await backendsOf({ plan: 'distance' })
    expect(ids).toContain('better-sqlite3')
    expect(ids.filter((id) => id.startsWith('turso-replica'))).toHaveLength(5)
  })
})

/**
 * The protocol's own count: a query is one round trip, a transaction one for BEGIN, each statement and COMMIT. A busy machine
 * and its disk add to that, so here k is only told from that of the other scenarios; docs/distance.md has those of a quiet one.
 */
const ROUND_TRIPS = { 'point-read': 1, 'n-plus-one': 21, transfer: 6, 'bulk-insert': 6 }

it('finds the round trips of PostgreSQL through the relay, goes on with a stored run, and ranks no moved backend', async () => {
  const folder = project()
  const asked = ['--backend', 'postgres-local', '--scenario', Object.keys(ROUND_TRIPS).join(','), '--distances', '40']
  const budget = ['--emulator', 'relay', '--rounds', '2', '--duration', '1ms', '--scale', '0.02', '--markers', '0']
  const { code, stdout, stderr } = await sqlatency(folder, ['run', ...asked, ...budget, '--json', '--quiet'])
  expect(code, stderr).toBe(0)
  const run = JSON.parse(stdout) as Run
  const [far] = run.backends.filter(({ movedFrom }) => movedFrom !== null)
  expect(far).toMatchObject({ id: 'postgres-local@40ms', movedFrom: 'postgres-local', reach: 'network' })
  expect(far!.distance!.emulator).toBe('relay')
  const rttsNs = (id: string): (number | null)[] =>
    run.cells.flatMap((cell) =>
      cell.backend === id && cell.outcome === 'measured' ? cell.rounds.map(({ rttNs }) => rttNs) : [],
    )
  expect(rttsNs('postgres-local@40ms').filter((rttNs) => rttNs !== null && rttNs > 39e6)).toHaveLength(8)
  expect(rttsNs('postgres-local').filter((rttNs) => rttNs !== null && rttNs < 39e6)).toHaveLength(8)
  const found = new Map(
    run.distance!.laws.map((law) => [law.scenario, law.outcome === 'fitted' ? law.roundTrips.value : Number.NaN]),
  )
  for (const { backend, scenario, ...cell } of run.cells) {
    if (backend !== far!.id || cell.outcome !== 'measured') continue
    const expected = ROUND_TRIPS[scenario as keyof typeof ROUND_TRIPS]
    // No machine is too busy for that: nothing arrives early.
    for (const { p50Ns } of cell.rounds) expect(p50Ns, scenario).toBeGreaterThan(expected * 39e6)
    expect(found.get(scenario), scenario).toBeLessThan(expected * 3 + 3)
  }
  const ascending = [...found.values()].toSorted((a, b) => a - b)
  expect(found.get('point-read')).toBe(ascending.at(0))
  expect(found.get('n-plus-one')).toBe(ascending.at(-1))

  const report = readFileSync(join(folder, 'results', 'latest', 'report.md'), 'utf8')
  expect(report).toContain('## Distance')
  expect(report.split('## Distance')[0]).not.toContain('away')

  const again = await sqlatency(folder, ['run', '--resume', 'latest', '--json', '--quiet'])
  expect(again.code, again.stderr).toBe(0)
  const resumed = JSON.parse(again.stdout) as Run
  expect(resumed.cells).toEqual(run.cells)
  expect(resumed.backends.map(({ id }) => id)).toEqual(run.backends.map(({ id }) => id))
})
