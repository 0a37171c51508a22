import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { estimate } from './analyze/estimates.ts'
import type { Cell, Run } from './contract/index.ts'
import { decodeSamples } from './measure/samples.ts'
import { project, sqlatency, storedRun } from './testing/cli.ts'

const tiny = [
  '--backend',
  'null,better-sqlite3',
  '--scenario',
  'point-read,insert',
  '--scale',
  '0.02',
  '--markers',
  '0',
]
const measure = (folder: string, rounds: number, ...more: readonly string[]) =>
  sqlatency(folder, ['run', '--quiet', ...tiny, '--rounds', String(rounds), '--duration', '5ms', ...more])

const runsIn = (folder: string): string[] => readdirSync(join(folder, 'results')).filter((name) => name !== 'latest')

type Measured = Extract<Cell, { outcome: 'measured' }>
const cellsOf = (run: Run): Measured[] => run.cells.filter((cell): cell is Measured => cell.outcome === 'measured')

const read = (from: string, { rounds }: Measured): Float64Array[] =>
  rounds.map(({ samples }) => decodeSamples(readFileSync(join(from, samples))))

test('two machines, one run: every operation of both, and reports of it', async () => {
  const [here, there] = [project(), project()]
  await Promise.all([measure(here, 2), measure(there, 1)])
  const [a, b] = [storedRun(here), storedRun(there)]
  const { code, stdout, stderr } = await sqlatency(here, [
    'merge',
    'latest',
    join(there, 'results', b.id),
    '--name',
    'both',
  ])
  expect(stderr).toBe('')
  expect(code).toBe(0)
  expect(stdout).toContain('merged from 2 runs')

  const merged = storedRun(here, 'both')
  expect(storedRun(here)).toEqual(merged)
  expect(merged.status).toBe('complete')
  expect(merged.sources.map(({ id, host }) => [id, host])).toEqual([a, b].map(({ id, host }) => [id, host]))
  const folder = join(here, 'results', 'both')
  for (const cell of cellsOf(merged)) {
    const like = (one: Cell): boolean => one.backend === cell.backend && one.scenario === cell.scenario
    const union = [
      ...read(join(here, 'results', a.id), cellsOf(a).find(like)!),
      ...read(join(there, 'results', b.id), cellsOf(b).find(like)!),
    ]
    expect(read(folder, cell)).toEqual(union)
    expect(cell.estimates).toEqual(estimate(cell.rounds, union))
  }
  expect(cellsOf(merged).map(({ rounds }) => rounds.length)).toEqual([2, 3, 2, 3])

  const again = await sqlatency(here, ['report', 'both', '--format', 'markdown'])
  expect(again.stdout).toContain('(MERGED)')
  expect(again.stdout).toContain(`Run ${a.id}`)
  const resumed = await sqlatency(here, ['run', '--resume', 'both'])
  expect(resumed.stderr).toContain('was merged from others')
  expect(resumed.code).toBe(2)
})

test('two regions, one page: a row for each, and no pair of rounds', async () => {
  const folder = project({ 'sqlatency.config.ts': "export default { region: 'eu' }" })
  await measure(folder, 1)
  await measure(folder, 1, '--region', 'us')
  const [eu, us] = runsIn(folder).map((id) => storedRun(folder, id))
  expect(new Set([eu!.region, us!.region])).toEqual(new Set(['eu', 'us']))
  const { code, stdout } = await sqlatency(folder, ['merge', eu!.id, us!.id, '--json'])
  expect(code).toBe(0)
  const merged = JSON.parse(stdout) as Run
  expect(new Set(merged.backends.map(({ id }) => id))).toEqual(
    new Set(['null@eu', 'null@us', 'better-sqlite3@eu', 'better-sqlite3@us']),
  )
  expect(cellsOf(merged).map(({ rounds }) => rounds.length)).toEqual([1, 1, 1, 1, 1, 1, 1, 1])
})

test('what cannot be merged is refused in a sentence, and nothing is left', async () => {
  const folder = project()
  await measure(folder, 1)
  const [id] = runsIn(folder) as [string]
  const other = join(folder, 'results', 'other')
  cpSync(join(folder, 'results', id), other, { recursive: true })
  const refused = async (change: object, message: string, args: readonly string[] = [id, 'other']): Promise<void> => {
    const run = storedRun(folder, id)
    writeFileSync(join(other, 'run.json'), JSON.stringify({ ...run, id: 'other', ...change }))
    const { code, stdout, stderr } = await sqlatency(folder, ['merge', ...args])
    expect(stderr).toContain(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect([code, stdout]).toEqual([2, ''])
    expect(runsIn(folder).toSorted()).toEqual([id, 'other'].toSorted())
  }
  await refused({ seed: 1 }, `Runs ${id} and other differ in the seed (20261123 and 1).`)
  await refused({ schema: 2 }, 'is not a run of this version')
  await refused({}, 'Merging takes two runs or more.', [id])
  await refused({}, 'would be counted twice', [id, id])
  await refused({}, 'There is no run "nowhere"', [id, 'nowhere'])
  await refused({}, 'There is a run other', [id, 'other', '--name', 'other'])
  await refused({}, 'The name is "../x"', [id, 'other', '--name', '../x'])
  await refused({}, 'There is no flag --nmae', [id, 'other', '--nmae', 'x'])
})

test('a region is a name', async () => {
  const { code, stderr } = await sqlatency(project(), ['run', '--dry-run'], { SQLATENCY_REGION: 'EU west!' })
  expect(stderr).toContain('The region is "EU west!"; write a name in kebab-case')
  expect(code).toBe(2)
})
