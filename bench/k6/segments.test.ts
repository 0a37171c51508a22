import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { testScope } from '../../adapters/testing/scope.ts'
import { judgeK6 } from '../analyze/k6.ts'
import { quantiles as quantilesOf } from '../analyze/quantiles.ts'
import { openCatalogue } from '../catalogue.ts'
import type { HttpFace } from '../contract/index.ts'
import { rowCount } from '../contract/index.ts'
import { faceOf } from '../serve/testing/faced.ts'
import { processesNaming } from '../testing/cli.ts'
import type { K6Job } from './process.ts'
import { runSegments } from './segments.ts'
import type { K6Stream } from './stream.ts'
import { readStream, united } from './stream.ts'
import { k6Here, WITHOUT_K6 } from './testing/here.ts'
import { writeScript } from './write.ts'

const timetable = { ratePerSecond: 60, durationNs: 2e9, warmUpNs: 0, virtualUsers: 20 }
const OFFERED = 120

async function jobFor(face: HttpFace, signal = new AbortController().signal): Promise<K6Job> {
  const directory = mkdtempSync(join(tmpdir(), 'sqlatency-test-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const { scenarios } = await openCatalogue(null)
  const asked = scenarios.filter(({ id }) => id === 'point-read')
  const script = writeScript(directory, asked, timetable, { seed: 7, count: rowCount(0.02) })
  const output = join(directory, 'out.json.gz')
  return { k6: k6Here!, script, scenario: 'point-read', face, output, timeoutMs: 60_000, signal }
}

const outputOf = ({ output }: K6Job, segment: number): string => output.replace('.json.gz', `.${segment}.json.gz`)

/** The process of a segment, once it runs: as k6's own interface says it. */
async function runningSegment(job: K6Job, segment: number): Promise<number> {
  for (;;) {
    const [found] = processesNaming(outputOf(job, segment))
    const address = /--address=(\S+)/.exec(found?.command ?? '')?.[1]
    const status = address === undefined ? null : await fetch(`http://${address}/v1/status`).catch(() => null)
    if (status !== null) {
      const { data } = (await status.json()) as { data: { attributes: { running: boolean } } }
      if (data.attributes.running) return found!.pid
    }
    await sleep(20)
  }
}

describe.skipIf(k6Here === null)(`segments of k6 (${WITHOUT_K6})`, () => {
  test('three are their union: its count, its order, its percentiles', async () => {
    await using scope = await testScope()
    const { face } = await faceOf('better-sqlite3', scope)
    const job = await jobFor(face)
    const { lost, ...union } = await runSegments(job, 3)
    const parts = await Promise.all([1, 2, 3].map((segment) => readStream(outputOf(job, segment))))
    for (const { answeredNs } of parts) expect(answeredNs.length).toBeGreaterThan(0)
    const all = parts.flatMap(({ answeredNs }) => [...answeredNs])
    expect(lost).toEqual([])
    expect(union.answeredNs.toSorted()).toEqual(Float64Array.from(all).toSorted())
    expect(union.iterations).toBe(parts.reduce((sum, { iterations }) => sum + iterations, 0))
    expect(union.endedUs).toEqual(union.endedUs.toSorted())
    // A timetable may hold one more; a busy machine may make k6 drop some.
    expect(union.answeredNs.length).toBeLessThanOrEqual(OFFERED)
    expect(union.answeredNs.length + union.dropped).toBeGreaterThanOrEqual(OFFERED - 1)
    const { quantiles } = judgeK6({ offered: OFFERED, ...union, lost })
    const [median, third] = quantilesOf([Float64Array.from(all)], [0.5, 0.75])
    expect(quantiles).toEqual(
      expect.arrayContaining([
        { p: 0.5, ns: median },
        { p: 0.75, ns: third },
      ]),
    )
  })

  test('one that dies is said, and no percentile holds', async () => {
    await using scope = await testScope()
    const { face } = await faceOf('better-sqlite3', scope)
    const job = await jobFor(face)
    const running = runSegments(job, 3)
    process.kill(await runningSegment(job, 2), 'SIGKILL')
    const { lost, ...union } = await running
    expect(lost).toEqual([{ segment: 2, why: 'k6 ended with SIGKILL.' }])
    const others = await Promise.all([1, 3].map((segment) => readStream(outputOf(job, segment))))
    expect(union.answeredNs).toHaveLength(others.reduce((sum, { answeredNs }) => sum + answeredNs.length, 0))
    const figures = judgeK6({ offered: OFFERED, ...union, lost })
    expect(figures).toMatchObject({ valid: false, lost })
    expect(figures.unfinished).toBeGreaterThan(OFFERED / 4)
  })

  test('one that does not come up ends all, with the reason, and leaves none', async () => {
    const job = await jobFor({ url: 'http://127.0.0.1:1', token: 't' })
    writeFileSync(job.script, `${readFileSync(job.script, 'utf8')}\nthrow new Error('before anything')\n`)
    await expect(runSegments(job, 2)).rejects.toMatchObject({
      code: 'K6_FAILED',
      message: expect.stringMatching(/^Segment [12] of 2 ended before the start with exit code 107: .*before anything/),
    })
    expect(processesNaming(job.script)).toEqual([])
  })

  test('an exception in any of them is found', async () => {
    await using scope = await testScope()
    const { face } = await faceOf('better-sqlite3', scope)
    const job = await jobFor(face)
    const broken = readFileSync(job.script, 'utf8').replace(
      'function ask(n: number): void {',
      "function ask(n: number): void {\n  if (n === 4) throw new Error('on purpose')",
    )
    writeFileSync(job.script, broken)
    await expect(runSegments(job, 3)).rejects.toMatchObject({
      code: 'K6_FAILED',
      message: expect.stringMatching(/^1 of \d+ iterations threw: Error: on purpose/),
    })
  })

  test('all end when they are stopped', async () => {
    const stop = new AbortController()
    const job = await jobFor({ url: 'http://127.0.0.1:1', token: 't' }, stop.signal)
    const stopped = runSegments(job, 2)
    await runningSegment(job, 1)
    stop.abort(new Error('stopped'))
    await expect(stopped).rejects.toThrow('stopped')
    expect(processesNaming(job.script)).toEqual([])
  })
})

const stream = (latenciesNs: readonly number[], endedUs: readonly number[], errors = {}): K6Stream => ({
  answeredNs: Float64Array.from(latenciesNs),
  endedUs: Float64Array.from(endedUs),
  errors: new Map(Object.entries<number>(errors)),
  iterations: latenciesNs.length,
  ended: latenciesNs.length,
  dropped: 1,
})

test('a union has every answer in the order of the ends, and sums of what counts', () => {
  const [a, b] = [stream([5, 6, 7], [10, 30, 50], { 'HTTP 500': 2 }), stream([1, 2], [20, 40], { 'HTTP 500': 1 })]
  expect(united([a, b])).toEqual({
    answeredNs: Float64Array.of(5, 1, 6, 2, 7),
    endedUs: Float64Array.of(10, 20, 30, 40, 50),
    errors: new Map([['HTTP 500', 3]]),
    iterations: 5,
    ended: 5,
    dropped: 2,
  })
})

test('percentiles of a union are those of all answers, and not the average of those of its parts', () => {
  const fast = Array.from({ length: 1980 }, (_, n) => 1000 + n)
  const slow = Array.from({ length: 21 }, (_, n) => 1_000_000 + n)
  const union = united([stream(fast, fast), stream(slow, slow)])
  const { quantiles } = judgeK6({ offered: 2001, ...union, dropped: 0, lost: [] })
  // The 1,001st and the 1,901st of 2,001.
  expect(quantiles).toEqual(
    expect.arrayContaining([
      { p: 0.5, ns: 2000 },
      { p: 0.95, ns: 2900 },
    ]),
  )
})
