import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hodgesLehmannShift, rankSumCritical, rankSumP } from './rank-sum.ts'

/** U of every way to choose which places of m + n belong to the first sample. */
function everyU(m: number, n: number): number[] {
  const found: number[] = []
  for (let chosen = 0; chosen < 2 ** (m + n); chosen += 1) {
    let [u, firsts] = [0, 0]
    for (let place = 0; place < m + n; place += 1) {
      if ((chosen & (1 << place)) === 0) u += firsts
      else firsts += 1
    }
    if (firsts === m) found.push(u)
  }
  return found
}

describe('rank sums', () => {
  test.each([
    [1, 1],
    [3, 4],
    [5, 5],
    [6, 6],
    [2, 9],
  ])('%s against %s: the critical value equals enumeration', (m, n) => {
    const all = everyU(m, n)
    for (const alpha of [0.01, 0.05, 0.5]) {
      let k: number | null = null
      for (let candidate = 1; candidate <= m * n; candidate += 1)
        if (all.filter((u) => u <= candidate - 1).length / all.length <= alpha / 2) k = candidate
      expect(rankSumCritical(m, n, alpha)).toBe(k)
    }
  })

  test('agrees with published points', () => {
    // Two-sided .05 and .01 of the usual tables: the largest U that rejects, so one less than k.
    expect(rankSumCritical(6, 6, 0.05)).toBe(5 + 1)
    expect(rankSumCritical(10, 10, 0.05)).toBe(23 + 1)
    expect(rankSumCritical(10, 10, 0.01)).toBe(16 + 1)
    expect(rankSumCritical(4, 4, 0.01)).toBeNull()
    expect(rankSumCritical(5, 5, 0.01)).toBe(1)
  })

  const sample = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 9 })

  test('the interval and p agree about zero, and a shift moves everything by itself', () => {
    fc.assert(
      fc.property(sample, sample, fc.integer({ min: -100, max: 100 }), (before, after, by) => {
        const { estimate, low, high } = hodgesLehmannShift(before, after, 0.05)
        if (low !== null && high !== null) expect(rankSumP(before, after) <= 0.05).toBe(low > 0 || high < 0)
        const moved = hodgesLehmannShift(
          before,
          after.map((value) => value + by),
          0.05,
        )
        expect(moved.estimate).toBe(estimate + by)
        expect(moved.low).toBe(low === null ? null : low + by)
      }),
    )
  })
})
