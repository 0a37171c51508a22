import { execFileSync } from 'node:child_process'
import { existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { duckdb } from '../reports/exports/testing/duckdb.ts'
import { project, sqlatency, start, storedRun } from './testing/cli.ts'

const documentation = readFileSync(fileURLToPath(new URL('../docs/export.md', import.meta.url)), 'utf8')
const blocks = (language: string): string[] =>
  [...documentation.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, code]) => code!)

const SMALL = ['--plan', 'smoke', '--rounds', '2', '--duration', '10ms', '--backend', 'null,better-sqlite3', '--quiet']

/** A project with one small run. */
async function measured(scenario: string, ...flags: string[]): Promise<string> {
  const folder = project()
  const { code, stderr } = await sqlatency(folder, ['run', ...SMALL, '--scenario', scenario, ...flags])
  expect(code, stderr).toBe(0)
  return folder
}

test('every command and query of docs/export.md works as it stands there', async () => {
  const folder = await measured('point-read,transfer')
  const commands = blocks('sh').flatMap((block) => block.trim().split('\n'))
  expect(commands).toHaveLength(7)
  for (const command of commands) {
    const [npx, name, ...args] = command.split(' ')
    expect([npx, name]).toEqual(['npx', 'sqlatency'])
    const { code, stdout, stderr } = await sqlatency(folder, args)
    expect([code, stderr], command).toEqual([0, ''])
    const paths = stdout.trim().split('\n')
    for (const path of paths) expect(existsSync(join(folder, path)), `${command}: ${path}`).toBe(true)
  }
  const [query] = blocks('sql')
  const rows = await duckdb(folder, query!)
  const run = storedRun(folder)
  expect(rows).toHaveLength(run.cells.length)
  for (const cell of run.cells) {
    if (cell.outcome !== 'measured') throw new Error(`${cell.backend} ${cell.scenario} is ${cell.outcome}`)
    const row = rows.find(({ backend, scenario }) => backend === cell.backend && scenario === cell.scenario)
    expect(row).toMatchObject({ operations: cell.estimates.operations, max_ms: cell.estimates.maxNs / 1e6 })
  }
  expect(readdirSync(join(folder, 'results', 'latest', 'exports')).toSorted()).toEqual([
    'customBiggerIsBetter.json',
    'customSmallerIsBetter.json',
    'samples.parquet',
  ])
})

test('where an export goes, and what is refused', async () => {
  const folder = await measured('point-read')
  const { id, cells } = storedRun(folder)
  const lines = cells.flatMap((cell) => (cell.outcome === 'measured' ? cell.rounds : []))
  const count = lines.reduce((sum, round) => sum + round.operations, 0)
  const to = (...args: string[]) => sqlatency(folder, ['export', ...args])

  const printed = await to(id, '--format', 'ndjson')
  expect(printed.stdout.trim().split('\n')).toHaveLength(count)
  mkdirSync(join(folder, 'out'))
  expect((await to('--format', 'ndjson', '-o', 'out')).stdout).toBe('out/samples.ndjson\n')
  expect(readFileSync(join(folder, 'out', 'samples.ndjson'), 'utf8')).toBe(printed.stdout)
  expect((await to('--format', 'csv', '-o', 'new/')).stdout).toBe('new/cells.csv\n')
  expect((await to('--format', 'github-action-benchmark', '-o', 'charts')).stdout).toBe(
    'charts/customSmallerIsBetter.json\ncharts/customBiggerIsBetter.json\n',
  )

  writeFileSync(join(folder, 'file'), 'mine')
  execFileSync('mkfifo', [join(folder, 'device')])
  for (const [args, message] of [
    [['--format', 'parqet'], 'There is no format parqet. Did you mean parquet?'],
    [['--formt', 'csv'], 'There is no flag --formt. Did you mean --format?'],
    [[], 'Say which format: --format github-action-benchmark'],
    [['--format', 'hlog', '--raw'], '--raw is for --format csv only.'],
    [['--format', 'csv', '-o', 'file/x.csv'], 'file/x.csv cannot be written'],
    [['--format', 'github-action-benchmark', '-o', 'file'], 'cannot be written'],
    [['--format', 'csv', '-o', 'device'], 'device is no file and no folder.'],
    [['no-such-run', '--format', 'csv'], 'There is no run "no-such-run"'],
  ] as const) {
    const { code, stdout, stderr } = await to(...args)
    expect([code, stdout, stderr.trim().split('\n').length], args.join(' ')).toEqual([2, '', 1])
    expect(stderr).toContain(message)
  }
  expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('mine')
  expect(lstatSync(join(folder, 'device')).isFIFO()).toBe(true)

  rmSync(join(folder, 'results', id, lines.at(-1)!.samples))
  const damaged = await to('--format', 'ndjson', '-o', 'out/samples.ndjson')
  expect([damaged.code, damaged.stderr]).toEqual([2, expect.stringContaining('cannot be read')])
  expect(readdirSync(join(folder, 'out'))).toEqual(['samples.ndjson'])
  expect(readFileSync(join(folder, 'out', 'samples.ndjson'), 'utf8')).toBe(printed.stdout)
})

test('an open loop: every operation with its own wait', async () => {
  const folder = await measured('point-read', '--backend', 'better-sqlite3', '--rounds', '1', '--rate', '2000')
  const { stdout } = await sqlatency(folder, ['export', '--format', 'ndjson'])
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { load: string; waitNs: number })
  const [cell] = storedRun(folder).cells
  if (cell?.outcome !== 'measured') throw new Error('nothing was measured')
  expect(rows).toHaveLength(cell.estimates.operations)
  expect(new Set(rows.map(({ load }) => load)).size).toBe(1)
  expect(rows[0]!.load).toMatch(/^open-2000-poisson-/)
  const longest = cell.rounds[0]!.open!.wait.find(({ p }) => p === 1)!
  expect(Math.max(...rows.map(({ waitNs }) => waitNs))).toBe(longest.ns)
})

test('a reader that has seen enough ends it in peace', async () => {
  const folder = await measured('point-read')
  const { child, finished } = start(folder, ['export', '--format', 'ndjson'])
  child.stdout!.once('data', () => child.stdout!.destroy())
  expect(await finished).toMatchObject({ code: 0, stderr: '' })
})
