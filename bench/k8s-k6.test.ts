import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { testScope } from '../adapters/testing/scope.ts'
import type { HttpFace, K6Cell } from './contract/index.ts'
import { k6Here, WITHOUT_K6 } from './k6/testing/here.ts'
import { readStream } from './k6/stream.ts'
import type { TestRun } from './k8s/test-run.ts'
import { faceOf } from './serve/testing/faced.ts'
import { project, sqlatency, start, storedRun } from './testing/cli.ts'

const load = ['--scenario', 'point-read', '--rate', '40', '--duration', '1s', '--warm-up', '500ms', '--scale', '0.02']
const RUNNERS = 2

/** What the operator makes of a test run: the command of each runner, with its pod's files where this machine has them. */
function runnerCommands({ spec }: TestRun, { probe, results }: { probe: string; results: string }): string[][] {
  return Array.from({ length: spec.parallelism }, (_, n) => {
    const bound = (at: number): string => (at % RUNNERS === 0 ? String(at / RUNNERS) : `${at}/${RUNNERS}`)
    const segment = [`--execution-segment=${bound(n)}:${bound(n + 1)}`, '--execution-segment-sequence=0,1/2,1']
    const own = spec.arguments.replace('$(POD_NAME)', `a-pod-${n + 1}-x7k2p`).replaceAll('/results', results)
    const script = join(probe, spec.script.configMap.file)
    return ['run', '--quiet', ...segment, ...own.split(' '), script, '--address=', '--tag', `instance_id=${n + 1}`]
  })
}

const k6 = (args: readonly string[], env: NodeJS.ProcessEnv) =>
  promisify(execFile)(k6Here!.path, args, { env: { PATH: process.env['PATH'], ...env } })

/** Plays Kubernetes: the initializer, then all runners of a test run at once. */
async function play(folder: string, file: string, face: HttpFace): Promise<string> {
  const run = parse(readFileSync(join(folder, 'k8s', 'eu-west-1', file), 'utf8')) as TestRun
  const [probe, results] = [join(folder, 'k8s', 'probe'), join(folder, 'home')]
  mkdirSync(results, { recursive: true })
  const archive = join(folder, 'probe.tar')
  // The operator leaves away what an archive does not take.
  await k6(['archive', join(probe, 'probe.ts'), '-O', archive, '--no-thresholds'], { HOME: folder })
  const { stdout } = await k6(['inspect', '--execution-requirements', archive], { HOME: folder })
  expect(JSON.parse(stdout)).toMatchObject({ maxVUs: 50 })
  const secret: Record<string, string> = { SQLATENCY_URL: face.url, SQLATENCY_TOKEN: face.token }
  const env = Object.fromEntries(run.spec.runner.env.map(({ name, value }) => [name, value ?? secret[name] ?? '']))
  const commands = runnerCommands(run, { probe, results })
  await Promise.all(commands.map((command) => k6(command, { HOME: folder, ...env })))
  return results
}

const cellOf = (folder: string, scenario: string | null): K6Cell =>
  storedRun(folder).k6!.cells.find((cell) => cell.scenario === scenario)!

describe.skipIf(k6Here === null)(`the outputs of a test run (${WITHOUT_K6})`, () => {
  test('come home as a run that holds every answer, and say what is missing', async () => {
    const folder = project()
    const asked = ['k8s', '--region', 'eu-west-1', '--runners', String(RUNNERS), ...load]
    expect(await sqlatency(folder, asked)).toMatchObject({ code: 0 })
    await using scope = await testScope()
    const { face } = await faceOf('better-sqlite3', scope)
    for (const file of ['testrun-_empty.yaml', 'testrun-point-read.yaml']) await play(folder, file, face)
    expect(face.firstFailure()).toBeNull()
    const files = readdirSync(join(folder, 'home')).toSorted()
    expect(files).toEqual(['_empty', 'point-read'].flatMap((id) => [1, 2].map((n) => `${id}.a-pod-${n}-x7k2p.json.gz`)))

    const read = ['k6', '--read', 'home', '--backend', 'd1-worker', '--region', 'eu-west-1', '--scale', '0.02']
    const { code, stdout } = await sqlatency(folder, [...read, '--segments', '2'])
    expect(code).toBe(0)
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('What k6 saw from outside on other machines')
    expect(storedRun(folder)).toMatchObject({
      status: 'complete',
      region: 'eu-west-1',
      k6: { version: null, sessions: null, segments: 2, ratePerSecond: 40, durationNs: 1e9, warmUpNs: 5e8 },
    })
    for (const scenario of [null, 'point-read']) {
      const own = files.filter((name) => name.startsWith(`${scenario ?? '_empty'}.`))
      const streams = await Promise.all(own.map((name) => readStream(join(folder, 'home', name))))
      const answered = streams.reduce((sum, { answeredNs }) => sum + answeredNs.length, 0)
      expect(answered).toBeGreaterThan(0)
      expect(cellOf(folder, scenario)).toMatchObject({ outcome: 'measured', answered, offered: 40, lost: [] })
    }

    expect(await sqlatency(folder, read)).toMatchObject({ code: 3 })
    expect(cellOf(folder, null)).toMatchObject({
      outcome: 'failed',
      message: 'There are 2 outputs of k6 for a load of one process; those of two loads are not pooled.',
    })

    const [cut, gone] = [join(folder, 'home', files[1]!), join(folder, 'home', files[3]!)]
    writeFileSync(cut, readFileSync(cut).subarray(0, 200))
    rmSync(gone)
    expect(await sqlatency(folder, [...read, '--segments', '2'])).toMatchObject({ code: 0 })
    expect(cellOf(folder, null)).toMatchObject({
      valid: false,
      lost: [{ segment: 2, why: expect.stringContaining('cannot be read') }],
    })
    expect(cellOf(folder, 'point-read')).toMatchObject({
      valid: false,
      lost: [{ segment: 2, why: 'it left no output.' }],
    })
  })
})

const point = (metric: string, value: number): string =>
  JSON.stringify({ metric, type: 'Point', data: { time: '2026-11-25T12:00:00.000000001Z', value } })

/** What a process of k6 leaves that asked once. */
const ONE_ANSWER = gzipSync(
  [point('sqlatency_operation', 1.5), point('iterations', 1), point('sqlatency_ended', 1)].join('\n'),
)

test('Ctrl-C while outputs are read keeps what was read until then', async () => {
  const folder = project()
  await sqlatency(folder, ['k6', '--script-only', 'load', ...load])
  mkdirSync(join(folder, 'home'))
  const slow = join(folder, 'home', '_empty.a.json.gz')
  execFileSync('mkfifo', [slow])
  writeFileSync(join(folder, 'home', 'point-read.a.json.gz'), ONE_ANSWER)
  const running = start(folder, ['k6', '--read', 'home', '--probe', 'load', '--backend', 'd1-worker', '--quiet'])
  // Settles when the other end reads.
  const end = await open(slow, 'w')
  running.child.kill('SIGINT')
  await running.saw(/stopping/)
  await end.writeFile(ONE_ANSWER)
  await end.close()
  expect(await running.finished).toMatchObject({ code: 130 })
  expect(storedRun(folder)).toMatchObject({ status: 'interrupted' })
  expect(cellOf(folder, null)).toMatchObject({ outcome: 'measured', answered: 1, minNs: 1.5e6 })
  expect(cellOf(folder, 'point-read')).toMatchObject({ outcome: 'pending' })
})

test.each([
  [['--read', 'nowhere', '--probe', 'load', '--backend', 'd1-worker'], 'nowhere cannot be read'],
  [['--read', 'load', '--probe', 'load', '--backend', 'd1-worker'], 'load holds no output of k6'],
  [['--read', 'load', '--probe', 'load', '--backend', 'd1-worker,null'], 'Outputs of k6 are of one backend'],
  [['--read', 'load', '--probe', 'nowhere', '--backend', 'd1-worker'], 'plan.json cannot be read'],
])('k6 %j: exit code 2', async (flags, said) => {
  const folder = project()
  await sqlatency(folder, ['k6', '--script-only', 'load', ...load])
  expect(await sqlatency(folder, ['k6', ...flags])).toMatchObject({ code: 2, stderr: expect.stringContaining(said) })
  expect(readdirSync(folder)).not.toContain('results')
})
