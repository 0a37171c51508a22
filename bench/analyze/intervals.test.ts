import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { roundsForInterval } from './caveats.ts'
import { hodgesLehmann, hodgesLehmannLog, signedRankCritical } from './intervals.ts'

/** k by listing all 2^n signs. */
function bruteCritical(n: number, alpha: number): number | null {
  const sums = Array.from({ length: 2 ** n }, (_, signs) => {
    let sum = 0
    for (let rank = 1; rank <= n; rank += 1) if ((signs & (1 << (rank - 1))) !== 0) sum += rank
    return sum
  })
  let best: number | null = null
  for (let k = 1; k <= (n * (n + 1)) / 2; k += 1) {
    if (sums.filter((sum) => sum <= k - 1).length / 2 ** n <= alpha / 2) best = k
  }
  return best
}

describe('signed-rank critical value', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])('n = %s equals enumeration', (n) => {
    for (const alpha of [0.05, 0.01, 0.1]) expect(signedRankCritical(n, alpha)).toBe(bruteCritical(n, alpha))
  })

  test('agrees with the published points', () => {
    expect(signedRankCritical(10, 0.01)).toBe(4)
    expect(signedRankCritical(20, 0.01)).toBe(38)
    expect(signedRankCritical(7, 0.01)).toBeNull()
    expect(signedRankCritical(8, 0.01)).toBe(1)
    expect(roundsForInterval()).toBe(6)
  })
})

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 12 })

describe('Hodges-Lehmann', () => {
  test('the estimate is the median of all pairwise means, and lies in its interval', () => {
    fc.assert(
      fc.property(values, (sample) => {
        const means = sample.flatMap((a, n) => sample.slice(n).map((b) => (a + b) / 2)).toSorted((a, b) => a - b)
        const middle = (means.length - 1) / 2
        const { estimate, low, high } = hodgesLehmann(sample)
        expect(estimate).toBe((means[Math.floor(middle)]! + means[Math.ceil(middle)]!) / 2)
        expect(low === null).toBe(sample.length < 6)
        if (low !== null && high !== null) {
          expect(low).toBeLessThanOrEqual(estimate)
          expect(high).toBeGreaterThanOrEqual(estimate)
        }
      }),
    )
  })

  test('six values: the interval is their range', () => {
    expect(hodgesLehmann([5, 3, 9, 1, 7, 4])).toMatchObject({ low: 1, high: 9 })
  })

  test('on a log scale, scaling the values scales everything', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1e6 }), { minLength: 6, maxLength: 10 }), (sample) => {
        const once = hodgesLehmannLog(sample)
        const tenfold = hodgesLehmannLog(sample.map((value) => value * 10))
        expect(tenfold.estimate / once.estimate).toBeCloseTo(10, 6)
        expect(tenfold.low! / once.low!).toBeCloseTo(10, 6)
      }),
    )
  })

  test('covers the truth as often as it says', () => {
    // Symmetric noise around 0, 2,000 samples of 8: the exact level is 1 - 2 * 4/256 = 96.9 %.
    let seed = 12_345
    const noise = (): number => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
      return seed / 2 ** 32 - 0.5
    }
    let covered = 0
    for (let n = 0; n < 2000; n += 1) {
      const { low, high } = hodgesLehmann(Array.from({ length: 8 }, noise))
      if (low! <= 0 && high! >= 0) covered += 1
    }
    expect(covered / 2000).toBeGreaterThan(0.95)
    expect(covered / 2000).toBeLessThan(0.985)
  })
})
