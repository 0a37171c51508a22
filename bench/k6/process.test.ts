import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { testScope } from '../../adapters/testing/scope.ts'
import { openCatalogue } from '../catalogue.ts'
import type { HttpFace } from '../contract/index.ts'
import { rowCount } from '../contract/index.ts'
import { faceOf } from '../serve/testing/faced.ts'
import { runK6 } from './process.ts'
import { readStream } from './stream.ts'
import { k6Here, WITHOUT_K6 } from './testing/here.ts'
import { writeScript } from './write.ts'

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'sqlatency-test-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

const timetable = { ratePerSecond: 40, durationNs: 1e9, warmUpNs: 0.5e9, virtualUsers: 20 }

async function jobFor(face: HttpFace, changes: { readonly signal?: AbortSignal; readonly timeoutMs?: number } = {}) {
  const directory = folder()
  const { scenarios } = await openCatalogue(null)
  const asked = scenarios.filter(({ id }) => id === 'point-read')
  const script = writeScript(directory, asked, timetable, { seed: 7, count: rowCount(0.02) })
  const output = join(directory, 'out.json.gz')
  const signal = new AbortController().signal
  return { k6: k6Here!, script, scenario: 'point-read', face, output, timeoutMs: 60_000, signal, ...changes }
}

describe.skipIf(k6Here === null)(`k6 (${WITHOUT_K6})`, () => {
  test('asks what was written, and its output holds a latency for each answer and no secret', async () => {
    await using scope = await testScope()
    const { face } = await faceOf('better-sqlite3', scope)
    const job = await jobFor(face)
    const { answeredNs, errors, iterations, ended } = await runK6(job)
    expect(errors.size).toBe(0)
    // A timetable may hold one more; a busy machine may make k6 drop some.
    expect(answeredNs.length).toBeGreaterThan(0)
    expect(answeredNs.length).toBeLessThanOrEqual(40)
    expect(ended).toBe(iterations)
    for (const ns of answeredNs) expect(Number.isInteger(ns) && ns > 0).toBe(true)
    const text = gunzipSync(readFileSync(job.output)).toString('utf8')
    expect(text).not.toContain(face.token)
    expect(text).not.toContain(new URL(face.url).port)
  })

  test('an exception in the script is found, though k6 exits with 0', async () => {
    await using scope = await testScope()
    const { face } = await faceOf('better-sqlite3', scope)
    const job = await jobFor(face)
    const source = readFileSync(job.script, 'utf8')
    const broken = source
      .replace(
        'function ask(n: number): void {',
        "function ask(n: number): void {\n  if (n % 3 === 0) throw new Error('on purpose')",
      )
      // Without the thresholds, which would be crossed, k6 has nothing to complain of.
      .replace(/ {2}thresholds: \{[\s\S]*?\n {2}\},\n/, '')
    expect(broken).not.toContain('thresholds')
    writeFileSync(job.script, broken)
    await expect(runK6(job)).rejects.toMatchObject({
      code: 'K6_FAILED',
      message: expect.stringMatching(/^\d+ of \d+ iterations threw: Error: on purpose/),
    })
  })

  test('a script that does not start is told with the reason', async () => {
    const job = await jobFor({ url: 'http://127.0.0.1:1', token: 't' })
    appendFileSync(job.script, "\nthrow new Error('before anything')\n")
    await expect(runK6(job)).rejects.toMatchObject({
      code: 'K6_FAILED',
      message: expect.stringMatching(/^k6 ended with exit code 107: .*before anything/),
    })
  })

  test('a server that is not there is an error each, and none a latency', async () => {
    const { answeredNs, errors } = await runK6(await jobFor({ url: 'http://127.0.0.1:1', token: 't' }))
    expect(answeredNs).toHaveLength(0)
    expect([...errors.keys()]).toEqual(['k6 1212'])
  })

  test('a wrong token is an error each', async () => {
    await using scope = await testScope()
    const { face } = await faceOf('better-sqlite3', scope)
    const { answeredNs, errors } = await runK6(await jobFor({ ...face, token: 'wrong' }))
    expect(answeredNs).toHaveLength(0)
    expect([...errors.keys()]).toEqual(['HTTP 401'])
  })

  test('ends when it is stopped, and when it takes too long', async () => {
    const stop = new AbortController()
    const stopped = runK6(await jobFor({ url: 'http://127.0.0.1:1', token: 't' }, { signal: stop.signal }))
    stop.abort(new Error('stopped'))
    await expect(stopped).rejects.toThrow('stopped')
    const late = runK6(await jobFor({ url: 'http://127.0.0.1:1', token: 't' }, { timeoutMs: 300 }))
    await expect(late).rejects.toMatchObject({ code: 'K6_FAILED', message: 'k6 ended with SIGKILL.' })
  })
})

const point = (metric: string, value: number, tags = {}): string =>
  JSON.stringify({ metric, type: 'Point', data: { time: '2026-11-25T06:28:34.585972327Z', value, tags } })

describe('the output of k6', () => {
  const stored = (text: string, cut = 0): string => {
    const path = join(folder(), 'out.json.gz')
    const bytes = gzipSync(text)
    writeFileSync(path, bytes.subarray(0, bytes.length - cut))
    return path
  }
  const text = [
    '{"type":"Metric","data":{"name":"iterations","type":"counter"},"metric":"iterations"}',
    point('sqlatency_operation', 12.439082),
    point('sqlatency_operation', 0.000001),
    point('http_req_duration', 99),
    point('sqlatency_failed', 1, { code: 'HTTP 500' }),
    point('sqlatency_ended', 1),
    point('iterations', 1),
    point('iterations', 1),
    point('dropped_iterations', 3),
  ].join('\n')

  test('is read to the nanosecond, with or without a last line break', async () => {
    for (const end of ['', '\n'])
      expect(await readStream(stored(text + end))).toEqual({
        answeredNs: Float64Array.of(12_439_082, 1),
        endedUs: Float64Array.of(1_795_588_114_585_972, 1_795_588_114_585_972),
        errors: new Map([['HTTP 500', 1]]),
        iterations: 2,
        ended: 1,
        dropped: 3,
      })
  })

  test('that is cut off or missing is no output', async () => {
    await expect(readStream(stored(text, 9))).rejects.toThrow('unexpected end of file')
    await expect(readStream('/nowhere/out.json.gz')).rejects.toThrow('ENOENT')
  })
})
