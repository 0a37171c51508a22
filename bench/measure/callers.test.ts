import { expect, test } from 'vitest'
import type { Question, Rows } from '../contract/index.ts'
import { callersLoop } from './callers.ts'
import type { QuestionSource } from './draw.ts'

const NO_ROWS: Rows = []

function counting(once: boolean): QuestionSource {
  let next = 0
  return { once, block: (length) => Array.from({ length }, (): Question => [next++]) }
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1))

test.each([1, 2, 7])('%i callers are under way together, and each waits for its answer', async (callers) => {
  let [underWay, most] = [0, 0]
  const run = async (): Promise<Rows> => {
    underWay += 1
    most = Math.max(most, underWay)
    await pause()
    underWay -= 1
    return NO_ROWS
  }
  const budget = { durationNs: 1, maxOperations: 1000, minOperations: 40 }
  const { durationsNs, measuredNs } = await callersLoop(run, counting(false), budget, callers)
  expect(most).toBe(callers)
  expect(underWay).toBe(0)
  expect(durationsNs.length).toBeGreaterThanOrEqual(40)
  expect(durationsNs.length).toBeLessThan(40 + callers)
  // No operation is longer than the round, and together they fit into it once a caller.
  expect(durationsNs.reduce((sum, ns) => sum + ns, 0)).toBeLessThanOrEqual(measuredNs * callers)
})

test('asks every question once when they cannot be repeated, and keeps to its limit', async () => {
  const seen: unknown[] = []
  const run = async (question: Question): Promise<Rows> => (seen.push(question[0]), NO_ROWS)
  const budget = { durationNs: 1e12, maxOperations: 9000, minOperations: 1 }
  const { durationsNs } = await callersLoop(run, counting(true), budget, 4)
  expect(durationsNs.length).toBe(9000)
  expect(seen).toEqual(Array.from({ length: 9000 }, (_, n) => n))
})

const refused = (): Promise<Rows> => Promise.reject(Object.assign(new Error('down'), { code: 'ECONNREFUSED' }))

test('counts errors by code, gives them no latency, and gives up when nothing works', async () => {
  const budget = { durationNs: 1e12, maxOperations: 1e6, minOperations: 1 }
  const { durationsNs, errors, firstError } = await callersLoop(refused, counting(false), budget, 3)
  expect(durationsNs.length).toBe(0)
  expect([...errors.keys()]).toEqual(['ECONNREFUSED'])
  expect([...errors.values()][0]).toBeLessThan(1000)
  expect(firstError).toMatchObject({ message: 'down' })
})
