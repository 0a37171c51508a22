import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { testScope } from '../adapters/testing/scope.ts'
import type { K6Cell } from './contract/index.ts'
import { rowCount } from './contract/index.ts'
import { openCatalogue } from './catalogue.ts'
import { k6Here, WITHOUT_K6 } from './k6/testing/here.ts'
import { questionSource } from './measure/draw.ts'
import { decodeSamples } from './measure/samples.ts'
import { loadRun } from './run/store.ts'
import { faceOf, SEED } from './serve/testing/faced.ts'
import { processesNaming, project, sqlatency, start, storedRun } from './testing/cli.ts'

/** A backend that writes down what it was asked, waits, and fails when it is told to. */
const WATCHED = `
import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { blog, defineAdapter, defineConfig, defineScenario, single } from 'sqlatency'
const counts = new Map()
const watched = defineAdapter({
  id: 'watched', title: 'Watched', dialect: 'sqlite', reach: 'same-host', defaults: { waitMs: 0, failEvery: 0 },
  provision: async (options) => ({ address: options, distance: null, servers: [], external: false }),
  connect: async ({ waitMs, failEvery }) => ({
    mode: 'async',
    prepare: (text) => async (args) => {
      if (text !== 'WATCH ?') return []
      // Three are asked before, to compare answers.
      const key = waitMs + '/' + failEvery
      const asked = (counts.get(key) ?? 0) + 1
      counts.set(key, asked)
      if (asked > 3) appendFileSync('asked.txt', args[0] + '\\n')
      await sleep(waitMs)
      if (asked > 3 && failEvery > 0 && asked % failEvery === 0) throw new Error('told to fail')
      return [{ n: args[0] }]
    },
    batch: async () => undefined,
    facts: async () => ({ durability: 'undeclared', settings: { a: 1 }, versions: { watched: '1' } }),
    close: async () => undefined,
  }),
})
const watch = defineScenario({
  id: 'watch', title: 'Watch', why: 'A test.', dataset: blog, kind: 'read', work: single('WATCH $1', (draw) => [draw.integer(1_000_000)]),
})
export default defineConfig({
  adapters: [watched], scenarios: [watch],
  backends: {
    watched: { adapter: 'watched' },
    slow: { adapter: 'watched', options: { waitMs: 30 } },
    stuck: { adapter: 'watched', options: { waitMs: 400 } },
    flaky: { adapter: 'watched', options: { failEvery: 4 } },
    broken: { adapter: 'watched', options: { failEvery: 1 } },
  },
})
`
const files = { 'sqlatency.config.ts': WATCHED }
const short = ['--rate', '40', '--duration', '1s', '--warm-up', '500ms', '--scale', '0.02', '--seed', String(SEED)]

const k6Cells = (folder: string): readonly K6Cell[] => storedRun(folder).k6!.cells
const find = (cells: readonly K6Cell[], backend: string, scenario: string | null): K6Cell =>
  cells.find((cell) => cell.backend === backend && cell.scenario === scenario)!

describe.skipIf(k6Here === null)(`sqlatency k6 (${WITHOUT_K6})`, () => {
  test('asks a Worker and backends behind faces, and stores what it saw apart from everything else', async () => {
    const folder = project()
    const backends = ['better-sqlite3', 'postgres-local', 'd1-worker']
    const asked = ['k6', '--backend', backends.join(','), '--scenario', 'point-read,transfer', ...short, '--quiet']
    const { code, stdout } = await sqlatency(folder, asked)
    expect(code).toBe(0)
    const { run } = loadRun(join(folder, 'results'), 'latest')
    expect(run).toMatchObject({ status: 'complete', cells: [], lag: [], seed: SEED })
    expect(run.k6).toMatchObject({ version: k6Here!.version, ratePerSecond: 40, durationNs: 1e9, warmUpNs: 5e8 })
    expect(run.k6!.cells.map(({ backend, scenario }) => [backend, scenario])).toEqual(
      backends.flatMap((backend) => [null, 'point-read', 'transfer'].map((scenario) => [backend, scenario])),
    )
    // Answers were compared through the faces before.
    for (const { answers } of run.scenarios) expect(answers).toMatch(/^[0-9a-f]{16}$/)
    for (const cell of run.k6!.cells) {
      if (cell.outcome !== 'measured') throw new Error(JSON.stringify(cell))
      expect(cell).toMatchObject({ offered: 40, errors: [], target: cell.backend === 'd1-worker' ? 'worker' : 'serve' })
      const samples = decodeSamples(readFileSync(join(folder, 'results', run.id, cell.samples)))
      expect(samples).toHaveLength(cell.answered)
      expect(Math.min(...samples)).toBe(cell.minNs)
      expect(Math.max(...samples)).toBe(cell.maxNs)
    }
    expect(stdout).toContain('Seen through HTTP alone, so nothing is ranked.')
    expect(stdout).not.toContain('fastest')
    for (const name of ['report.md', 'report.html'])
      expect(readFileSync(join(folder, 'results', run.id, name), 'utf8')).toContain('Empty request')
  })

  test('asks what a first round of the harness asks with that seed, once each', async () => {
    const folder = project(files)
    const { code } = await sqlatency(folder, ['k6', '--backend', 'watched', '--scenario', 'watch', ...short])
    expect(code).toBe(0)
    const cell = find(k6Cells(folder), 'watched', 'watch')
    if (cell.outcome !== 'measured') throw new Error('not measured')
    const asked = readFileSync(join(folder, 'asked.txt'), 'utf8').trim().split('\n').map(Number)
    const { scenarios } = await openCatalogue(join(folder, 'sqlatency.config.ts'))
    const { work } = scenarios.find(({ id }) => id === 'watch')!
    const questions = questionSource(work, rowCount(0.02), [SEED, 'watch', 0])
      .block(60)
      .map(([arg]) => Number(arg))
    const measured = questions.slice(0, 40)
    const warmUp = questions.slice(40)
    // Where the machine made k6 drop some, the last ones are missing.
    const reached = [...warmUp, ...measured].slice(0, asked.length)
    expect(asked.toSorted((a, b) => a - b)).toEqual(reached.toSorted((a, b) => a - b))
    expect(cell.answered).toBe(asked.length - warmUp.length)
  })

  test('no latency is shorter than what the backend took', async () => {
    const folder = project(files)
    await sqlatency(folder, ['k6', '--backend', 'slow', '--scenario', 'watch', ...short])
    const cell = find(k6Cells(folder), 'slow', 'watch')
    // A timer of Node may end a millisecond early.
    expect(cell).toMatchObject({ outcome: 'measured', minNs: expect.toSatisfy((ns: number) => ns >= 29e6) })
  })

  test('requests that are dropped make percentiles invalid, and the report says so', async () => {
    const folder = project(files)
    const asked = [
      'k6',
      '--backend',
      'stuck',
      '--scenario',
      'watch',
      '--rate',
      '40',
      '--duration',
      '1s',
      '--warm-up',
      '0',
      '--scale',
      '0.02',
      '--concurrency',
      '2',
    ]
    const { stdout } = await sqlatency(folder, asked)
    const cell = find(k6Cells(folder), 'stuck', 'watch')
    expect(cell).toMatchObject({ outcome: 'measured', valid: false, dropped: expect.toSatisfy((n: number) => n > 10) })
    // Side by side or, in a narrow terminal, folded into a line.
    expect(stdout).toMatch(/(?:p50 )?invalid,? +(?:p95 )?invalid,? +(?:p99 )?invalid/)
    expect(readFileSync(join(folder, 'results', 'latest', 'report.md'), 'utf8')).toContain('| invalid | invalid |')
  })

  test('answers that say error are counted and have no latency', async () => {
    const folder = project(files)
    const { code } = await sqlatency(folder, ['k6', '--backend', 'flaky', '--scenario', 'watch', ...short])
    expect(code).toBe(0)
    const cell = find(k6Cells(folder), 'flaky', 'watch')
    if (cell.outcome !== 'measured') throw new Error('not measured')
    expect(cell.errors).toEqual([{ code: 'HTTP 500', count: expect.toSatisfy((n: number) => n > 0) }])
    expect(cell.answered + cell.errors[0]!.count + cell.dropped + cell.unfinished).toBeGreaterThanOrEqual(39)
  })

  test('a backend that answers nothing fails with what it said, and the others are measured', async () => {
    const folder = project(files)
    const asked = ['k6', '--backend', 'broken,watched', '--scenario', 'watch', ...short]
    const { code, stderr } = await sqlatency(folder, asked)
    expect(code).toBe(3)
    expect(stderr).toContain('No request was answered: HTTP 500, told to fail.')
    const cells = k6Cells(folder)
    expect(find(cells, 'broken', 'watch')).toMatchObject({ outcome: 'failed', stage: 'measure', code: 'K6_FAILED' })
    expect(find(cells, 'broken', null)).toMatchObject({ outcome: 'measured' })
    expect(find(cells, 'watched', 'watch')).toMatchObject({ outcome: 'measured' })
  })

  test('a scenario and a backend may have the names that are used here for something else', async () => {
    const named = WATCHED.replace("id: 'watch', title", "id: 'empty', title").replace(
      '  backends: {',
      "  backends: {\n    k6: { adapter: 'watched' },",
    )
    const folder = project({ 'sqlatency.config.ts': named })
    const { code, stderr } = await sqlatency(folder, ['k6', '--backend', 'k6', '--scenario', 'empty', ...short])
    expect(code, stderr).toBe(0)
    const { run } = loadRun(join(folder, 'results'), 'latest')
    const stored = run.k6!.cells.map((cell) => {
      if (cell.outcome !== 'measured') throw new Error(JSON.stringify(cell))
      const samples = decodeSamples(readFileSync(join(folder, 'results', run.id, cell.samples)))
      expect([samples.length, Math.max(...samples)]).toEqual([cell.answered, cell.maxNs])
      return cell.samples
    })
    expect(new Set(stored).size).toBe(2)
  })

  test('Ctrl-C ends k6 and keeps what was measured', async () => {
    const folder = project()
    const asked = ['k6', '--backend', 'better-sqlite3', '--rate', '20', '--duration', '2s', '--warm-up', '0']
    const running = start(folder, [...asked, '--scenario', 'point-read,latest-posts', '--scale', '0.02'])
    await running.saw(/k6 asks point-read/)
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(processesNaming('probe.ts', folder)).not.toEqual([])
    running.child.kill('SIGINT')
    const { code } = await running.finished
    expect(code).toBe(130)
    expect(processesNaming('probe.ts', folder)).toEqual([])
    expect(storedRun(folder).status).toBe('interrupted')
    expect(k6Cells(folder).map(({ outcome }) => outcome)).toEqual(['measured', 'pending', 'pending'])
    const again = await sqlatency(folder, ['run', '--resume', 'latest'])
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('was measured by k6') })
  })

  test('places are merged side by side, each with every answer of its own, and one place is not pooled', async () => {
    const folder = project()
    const asked = ['k6', '--backend', 'better-sqlite3', '--scenario', 'point-read', ...short]
    for (const region of ['eu', 'us', undefined, undefined]) {
      const place = region === undefined ? [] : ['--region', region]
      expect(await sqlatency(folder, [...asked, ...place])).toMatchObject({ code: 0 })
    }
    const runs = readdirSync(join(folder, 'results'))
      .filter((name) => name !== 'latest')
      .map((id) => storedRun(folder, id))
    const at = (region: string | null) => runs.filter((run) => run.region === region)
    const [eu, us, ...nameless] = [...at('eu'), ...at('us'), ...at(null)].map(({ id }) => id) as [string, string]

    const { code, stdout } = await sqlatency(folder, ['merge', eu, us, '--name', 'both'])
    expect(code).toBe(0)
    const merged = storedRun(folder, 'both')
    expect(merged).toMatchObject({ status: 'complete', region: null })
    for (const [id, region] of [
      [eu, 'eu'],
      [us, 'us'],
    ] as const) {
      for (const scenario of [null, 'point-read']) {
        const own = find(storedRun(folder, id).k6!.cells, 'better-sqlite3', scenario)
        const cell = find(merged.k6!.cells, `better-sqlite3@${region}`, scenario)
        if (own.outcome !== 'measured' || cell.outcome !== 'measured') throw new Error('not measured')
        const { backend: _, samples: from, ...figures } = own
        expect(cell).toMatchObject(figures)
        const [before, after] = [join(folder, 'results', id, from), join(folder, 'results', 'both', cell.samples)]
        expect(decodeSamples(readFileSync(after))).toEqual(decodeSamples(readFileSync(before)))
      }
    }
    expect(merged.k6!.cells).toHaveLength(4)
    expect(stdout).toContain('eu: SQLite in process')
    const markdown = readFileSync(join(folder, 'results', 'both', 'report.md'), 'utf8')
    expect(markdown).toMatch(/\| eu: SQLite in process \|.*\n\|.*\| us: SQLite in process \|/)

    for (const [pair, said] of [
      [nameless, 'and do not say where; figures of k6 of one place are not pooled.'],
      [['both', eu], 'would be counted twice'],
    ] as const)
      expect(await sqlatency(folder, ['merge', ...pair])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(said),
      })
  })

  test('three segments ask the questions of one process, once each', async () => {
    const folder = project(files)
    const asked = ['k6', '--backend', 'watched', '--scenario', 'watch', '--segments', '3', ...short]
    const { code, stdout } = await sqlatency(folder, asked)
    expect(code).toBe(0)
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('3 processes of k6 shared each load')
    expect(storedRun(folder).k6!.segments).toBe(3)
    const cell = find(k6Cells(folder), 'watched', 'watch')
    const seen = readFileSync(join(folder, 'asked.txt'), 'utf8').trim().split('\n').map(Number)
    const { scenarios } = await openCatalogue(join(folder, 'sqlatency.config.ts'))
    const { work } = scenarios.find(({ id }) => id === 'watch')!
    const questions = questionSource(work, rowCount(0.02), [SEED, 'watch', 0])
      .block(60)
      .map(([arg]) => Number(arg))
    expect(new Set(seen).size).toBe(seen.length)
    expect(questions).toEqual(expect.arrayContaining(seen))
    // A busy machine may make k6 drop some.
    expect(cell).toMatchObject({ outcome: 'measured', lost: [], offered: 40 })
    if (cell.outcome === 'measured' && cell.valid) expect(seen).toHaveLength(60)
  })

  test('--script-only writes what k6 runs by hand against serve', async () => {
    const folder = project()
    const asked = ['k6', '--script-only', 'load', '--scenario', 'point-read', ...short]
    const { code, stdout } = await sqlatency(folder, asked, { SQLATENCY_K6_BIN: '/nowhere/k6' })
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'load/probe.ts\n' })
    await using scope = await testScope()
    const { face } = await faceOf('better-sqlite3', scope)
    const variables = { SQLATENCY_URL: face.url, SQLATENCY_TOKEN: face.token }
    const child = spawn(k6Here!.path, ['run', '--no-usage-report', '--quiet', '--address', '', 'load/probe.ts'], {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: folder, ...variables },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')))
    const exit = await new Promise<number | null>((resolve) => child.once('close', resolve))
    expect(said).toContain('sqlatency_operation')
    // 99 where a busy machine made it drop some, which is a threshold.
    expect([0, 99]).toContain(exit)
    expect(face.firstFailure()).toBeNull()
  })
})

test('the script compiles under strict with the types of k6', async () => {
  const folder = project()
  await sqlatency(folder, ['k6', '--script-only', 'load', ...short])
  const root = fileURLToPath(new URL('..', import.meta.url))
  const modules = join(root, 'node_modules')
  mkdirSync(join(folder, 'node_modules', '@types'))
  symlinkSync(join(modules, '@types', 'k6'), join(folder, 'node_modules', '@types', 'k6'))
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        module: 'nodenext',
        types: [],
      },
      include: ['load/probe.ts'],
    }),
  )
  const tsc = join(modules, 'typescript', 'bin', 'tsc')
  expect(execFileSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' })).toBe('')
})

test('--script-only writes the questions of every scenario as request bodies, the same with every call', async () => {
  const folder = project()
  const read = async (name: string): Promise<string[]> => {
    const asked = ['k6', '--script-only', name, '--scenario', 'point-read,bulk-insert', ...short]
    expect(await sqlatency(folder, asked)).toMatchObject({ code: 0 })
    expect(readdirSync(join(folder, name)).toSorted()).toEqual([
      'bulk-insert.questions.json',
      'plan.json',
      'point-read.questions.json',
      'probe.ts',
    ])
    return ['point-read', 'bulk-insert'].map((id) => readFileSync(join(folder, name, `${id}.questions.json`), 'utf8'))
  }
  const first = await read('first')
  expect(await read('second')).toEqual(first)
  const bodies = (JSON.parse(first[0]!) as string[]).map((body) => JSON.parse(body) as unknown)
  const { work } = (await openCatalogue(null)).scenarios.find(({ id }) => id === 'point-read')!
  const source = questionSource(work, rowCount(0.02), [SEED, 'point-read', 0])
  const [measured, warmUp] = [source.block(40), source.block(20)]
  expect(bodies).toEqual([...warmUp, ...measured].map((question) => ({ scenario: 'point-read', question })))
})

test.each([
  [[], 'Name the backends that k6 is to ask'],
  [['--backend', 'null', '--rate', '0'], '--rate is "0"'],
  [['--backend', 'null', '--rate', '1.5'], '--rate is "1.5"'],
  [['--backend', 'null', '--rate', '1', '--duration', '100ms'], 'leave no request to ask'],
  [['--backend', 'null', '--scenario', 'first-hundred'], 'first-hundred is of fresh processes'],
  [['--backend', 'nul'], 'Did you mean null?'],
  [['--backend', 'null', '--rounds', '2'], 'There is no flag --rounds.'],
  [['--backend', 'null', '--segments', '0'], '--segments is "0"'],
  [['--backend', 'null', '--segments', '3', '--concurrency', '2'], '3 segments cannot share 2 virtual users'],
])('k6 %j: exit code 2', async (flags, said) => {
  expect(await sqlatency(project(), ['k6', ...flags])).toMatchObject({ code: 2, stderr: expect.stringContaining(said) })
})

test('without k6 nothing is started, and the remedy is named', async () => {
  const asked = ['k6', '--backend', 'better-sqlite3']
  const folder = project()
  const { code, stderr } = await sqlatency(folder, asked, { SQLATENCY_K6_BIN: '/nowhere/k6' })
  expect(code).toBe(3)
  expect(stderr).toMatch(/^sqlatency: There is no k6 where SQLATENCY_K6_BIN says\. Install k6/)
  expect(readdirSync(folder)).not.toContain('results')
})
