import { describe, expect, test } from 'vitest'
import type { K6Counts } from './k6.ts'
import { judgeK6 } from './k6.ts'

const counted = (answered: number, changes: Partial<K6Counts> = {}): K6Counts => ({
  offered: answered,
  answeredNs: Float64Array.from({ length: answered }, (_, n) => (n + 1) * 1000),
  errors: new Map(),
  dropped: 0,
  lost: [],
  ...changes,
})

test('percentiles are those of all answers, and withheld where fewer than ten lie beyond', () => {
  const { quantiles, minNs, maxNs, valid } = judgeK6(counted(1001))
  const at = (p: number): number | null => quantiles.find((one) => one.p === p)!.ns
  expect([at(0.5), at(0.95), at(0.99), at(0.999)]).toEqual([501_000, 951_000, 991_000, null])
  expect({ minNs, maxNs, valid }).toEqual({ minNs: 1000, maxNs: 1_001_000, valid: true })
  expect(judgeK6(counted(999)).quantiles.find(({ p }) => p === 0.99)!.ns).toBeNull()
})

describe('no percentile holds', () => {
  test('when one request was dropped, though all others were answered', () => {
    expect(judgeK6(counted(1000, { offered: 1001, dropped: 1 }))).toMatchObject({
      dropped: 1,
      unfinished: 0,
      valid: false,
    })
  })

  test('when requests are missing that nobody counted', () => {
    expect(judgeK6(counted(1000, { offered: 1002 }))).toMatchObject({ dropped: 0, unfinished: 2, valid: false })
  })

  test('when a segment died, even one that had nothing left to ask', () => {
    const lost = [{ segment: 2, why: 'k6 ended with SIGKILL.' }]
    expect(judgeK6(counted(1000, { lost }))).toMatchObject({ unfinished: 0, lost, valid: false })
  })
})

test('one request more or less is how the first arrival falls', () => {
  for (const offered of [999, 1001])
    expect(judgeK6(counted(1000, { offered }))).toMatchObject({ unfinished: 0, valid: true })
})

test('an answer that says error is no missing one', () => {
  const errors = new Map([
    ['HTTP 500', 20],
    ['k6 1050', 5],
  ])
  expect(judgeK6(counted(975, { offered: 1000, errors }))).toMatchObject({
    answered: 975,
    errors: [
      { code: 'HTTP 500', count: 20 },
      { code: 'k6 1050', count: 5 },
    ],
    valid: true,
  })
})
