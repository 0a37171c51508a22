import { describe, expect, test } from 'vitest'
import type { Question, Rows } from '../contract/index.ts'
import { now } from './clock.ts'
import { closedLoop } from './closed-loop.ts'
import type { QuestionSource } from './draw.ts'

/** Questions that count up, so that a test can see which were asked. */
function counting(once: boolean): QuestionSource {
  let next = 0
  return { once, block: (length) => Array.from({ length }, (): Question => [next++]) }
}

const NO_ROWS: Rows = []

function spin(ns: number): void {
  const until = now() + BigInt(ns)
  while (now() < until);
}

const budget = { durationNs: 20e6, maxOperations: 1e6, minOperations: 1 }
/** However little of the time a busy machine leaves. */
const atLeast = (minOperations: number) => ({ ...budget, minOperations })

describe.each(['sync', 'async'] as const)('%s loop', (mode) => {
  const loop = (run: (question: Question) => Rows, source: QuestionSource, limits = budget) =>
    closedLoop(mode === 'sync' ? { mode, run } : { mode, run: async (question) => run(question) }, source, limits)

  test('no operation is shorter than the work that it did: a ruler of known length', async () => {
    const { durationsNs, measuredNs } = await loop(() => (spin(50_000), NO_ROWS), counting(false), atLeast(60))
    expect(durationsNs.length).toBeGreaterThan(50)
    expect(Math.min(...durationsNs)).toBeGreaterThanOrEqual(50_000)
    const sum = durationsNs.reduce((total, one) => total + one, 0)
    expect(Math.abs(sum - measuredNs)).toBeLessThan(1)
  })

  test('an operation that stalls is recorded in its place, with all of its time', async () => {
    let asked = 0
    const { durationsNs } = await loop(
      () => (spin((asked += 1) === 30 ? 3_000_000 : 1000), NO_ROWS),
      counting(false),
      atLeast(60),
    )
    expect(durationsNs[29]).toBeGreaterThanOrEqual(3_000_000)
  })

  test('asks every question once and in order when they cannot be repeated', async () => {
    const seen: unknown[] = []
    const { durationsNs } = await loop((question) => (seen.push(question[0]), NO_ROWS), counting(true), {
      durationNs: 1e12,
      maxOperations: 150_000,
      minOperations: 1,
    })
    expect(durationsNs.length).toBe(150_000)
    expect(seen).toEqual(Array.from({ length: 150_000 }, (_, n) => n))
  })

  test('counts errors by code and gives them no latency', async () => {
    let asked = 0
    const run = (): Rows => {
      asked += 1
      spin(1000)
      if (asked % 10 === 0 && asked <= 50) throw Object.assign(new Error('busy'), { code: 'SQLITE_BUSY' })
      return NO_ROWS
    }
    const { durationsNs, errors, firstError } = await loop(run, counting(false), atLeast(60))
    expect(errors).toEqual(new Map([['SQLITE_BUSY', 5]]))
    expect(durationsNs.length).toBe(asked - 5)
    expect(firstError).toMatchObject({ message: 'busy' })
  })

  test('gives up when nothing works', async () => {
    let asked = 0
    const { durationsNs, errors } = await loop(() => {
      asked += 1
      throw new Error('down')
    }, counting(false))
    expect(durationsNs.length).toBe(0)
    expect([...errors.values()]).toEqual([asked])
    expect(asked).toBeLessThan(1000)
  })

  test('time spent on failures counts, so that a database that fails slowly does not hold up the round', async () => {
    let asked = 0
    const run = (): Rows => {
      asked += 1
      spin(2_000_000)
      throw new Error('timeout')
    }
    await loop(run, counting(false), { ...budget, minOperations: 0 })
    expect(asked).toBeLessThanOrEqual(11)
  })

  test('keeps to its limits', async () => {
    const few = await loop(() => (spin(1000), NO_ROWS), counting(false), { ...budget, maxOperations: 10 })
    expect(few.durationsNs.length).toBe(10)
    const slow = await loop(() => (spin(2_000_000), NO_ROWS), counting(false), {
      durationNs: 1,
      maxOperations: 100,
      minOperations: 3,
    })
    expect(slow.durationsNs.length).toBe(3)
  })
})
