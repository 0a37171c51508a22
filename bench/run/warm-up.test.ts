import { expect, test } from 'vitest'
import type { Question, Rows } from '../contract/index.ts'
import { now } from '../measure/clock.ts'
import type { Operation } from '../measure/closed-loop.ts'
import type { QuestionSource } from '../measure/draw.ts'
import { judgeWarmUp, warmUp } from './warm-up.ts'

const NO_ROWS: Rows = []

function counting(): QuestionSource {
  let next = 0
  return { once: true, block: (length) => Array.from({ length }, (): Question => [next++]) }
}

function spin(ns: number): Rows {
  const until = now() + BigInt(Math.round(ns))
  while (now() < until);
  return NO_ROWS
}

const taking = (ns: (asked: number) => number): Operation => {
  let asked = 0
  return { mode: 'sync', run: () => spin(ns((asked += 1))) }
}

const budget = { warmUpNs: 10e6, warmUpMostNs: 80e6, maxOperations: 1e6 }

test('what never becomes steady uses the whole budget, and not twice of it', async () => {
  // Every third of the time is a tenth slower than the one before, at every length.
  const slowing = taking((asked) => 5000 * (1 + asked / 2000))
  const { partsNs, durationNs } = await warmUp(slowing, counting(), budget)
  expect(partsNs).toHaveLength(4)
  expect(durationNs).toBeGreaterThanOrEqual(80e6)
})

test('operations that are too slow to be judged are not warmed up for longer', async () => {
  const { partsNs } = await warmUp(
    taking(() => 1e6),
    counting(),
    budget,
  )
  expect(partsNs).toHaveLength(1)
})

test('without a longer budget there is no extension', async () => {
  const slowing = taking((asked) => 5000 * (1 + asked / 500))
  const { partsNs } = await warmUp(slowing, counting(), { ...budget, warmUpMostNs: 10e6 })
  expect(partsNs).toHaveLength(1)
})

test('no question is asked twice across extensions', async () => {
  const seen = new Set<unknown>()
  let asked = 0
  const run = (question: Question): Rows => {
    seen.add(question[0])
    asked += 1
    return spin(5000 * (1 + asked / 2000))
  }
  await warmUp({ mode: 'sync', run }, counting(), budget)
  expect(seen.size).toBe(asked)
})

const fail = (): Rows => {
  throw new Error('down')
}

test('what only fails is thrown', async () => {
  await expect(warmUp({ mode: 'sync', run: fail }, counting(), budget)).rejects.toThrow('down')
})

const flat = (length: number, ns: number): Float64Array =>
  Float64Array.from({ length }, (_, n) => ns + ((n * 7919) % 101))
const warmed = (...partsNs: Float64Array[]): Parameters<typeof judgeWarmUp>[0] => ({
  partsNs,
  durationNs: partsNs.flatMap((part) => [...part]).reduce((sum, ns) => sum + ns, 0),
})

test('a transient within the warm-up: steady, and its length is told', () => {
  const found = judgeWarmUp(warmed(flat(500, 3000), flat(500, 1000)), flat(5000, 1000))
  expect(found.steady).toBe(true)
  expect(found.transientNs).toBeGreaterThan(1.4e6)
  expect(found.transientNs).toBeLessThan(1.8e6)
  expect(found.operations).toBe(1000)
})

test('a transient that reaches into the measurement: not steady, and no length', () => {
  const measured = Float64Array.of(...flat(1000, 3000), ...flat(4000, 1000))
  expect(judgeWarmUp(warmed(flat(500, 3000)), measured)).toMatchObject({ steady: false, transientNs: null })
})

test('a measurement that moves at its end: not steady', () => {
  const measured = Float64Array.of(...flat(3000, 1000), ...flat(3000, 1100))
  expect(judgeWarmUp(warmed(flat(1000, 1000)), measured).steady).toBe(false)
})

test('too few operations, or no warm-up: unknown', () => {
  expect(judgeWarmUp(warmed(flat(10, 1000)), flat(500, 1000)).steady).toBeNull()
  expect(judgeWarmUp(warmed(), flat(5000, 1000)).steady).toBeNull()
})
