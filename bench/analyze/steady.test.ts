import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../contract/index.ts'
import { driftRatio, LEAST_OPERATIONS, mserCut, steadiness, steadyOf } from './steady.ts'

/** Durations around a base that each operation may have its own of. Noise is lognormal, with a stall now and then. */
function series(length: number, baseNs: (n: number) => number, seed: number, sigma = 0.1): Float64Array {
  const random = seededRandom('steady', seed)
  return Float64Array.from({ length }, (_, n) => {
    const normal = Math.sqrt(-2 * Math.log(1 - random.real())) * Math.cos(2 * Math.PI * random.real())
    const stall = random.real() < 0.0005 ? 50 : 1
    return Math.round(baseNs(n) * Math.exp(sigma * normal) * stall)
  })
}

const seeds = fc.integer({ min: 0, max: 1e6 })
const seedsOf = (count: number): number[] => Array.from({ length: count }, (_, n) => n)

/** As the paper writes it. */
const score = (values: readonly number[], k: number): number => {
  const rest = values.slice(k)
  const mean = rest.reduce((sum, value) => sum + value, 0) / rest.length
  return rest.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rest.length ** 2
}

describe('MSER cut', () => {
  test('has the least score of all in the first half', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1e5 }), { minLength: 4, maxLength: 60 }), (values) => {
        const scores = values.slice(0, Math.floor(values.length / 2) + 1).map((_, k) => score(values, k))
        const cut = mserCut(values)
        expect(cut).toBeLessThanOrEqual(values.length / 2)
        // Two cuts may be equally good but for the last bit.
        expect(score(values, cut)).toBeCloseTo(Math.min(...scores), 5)
      }),
    )
  })

  test('values that do not differ are all kept', () => {
    expect(mserCut([5, 5, 5, 5, 5, 5])).toBe(0)
  })
})

const fading = (n: number): number => 7000 * (1 + 2 * Math.exp(-n / 2000))

describe('a known transient', () => {
  test.each([0.05, 0.15, 0.25])('of %s of the series is cut off whole, and seldom more', (share) => {
    for (const length of [2000, 60_000]) {
      const end = length * share
      const found = seedsOf(40).map((seed) => steadiness([series(length, (n) => (n < end ? 15_000 : 7000), seed)])!)
      for (const { cut, resolution } of found) expect(cut).toBeGreaterThan(end - resolution)
      expect(found.filter(({ cut, resolution }) => cut < end + 2 * resolution).length).toBeGreaterThanOrEqual(20)
      expect(found.filter(({ steady }) => steady).length).toBeGreaterThanOrEqual(36)
    }
  })

  test('that fades is cut where it is lost in the noise', () => {
    const cuts = seedsOf(40).map((seed) => steadiness([series(60_000, fading, seed)])!.cut)
    // 2 exp(-n / 2000) is 45 % at 3,000, 2 % at 9,000 and 0.01 % at 20,000.
    expect(Math.min(...cuts)).toBeGreaterThanOrEqual(3000)
    expect(cuts.filter((cut) => cut <= 20_000).length).toBeGreaterThanOrEqual(36)
  })

  test('that fills most of the series is not taken for steadiness', () => {
    for (const seed of seedsOf(40)) {
      expect(steadiness([series(20_000, (n) => (n < 9000 ? 15_000 : 7000), seed)])!.steady).toBe(false)
      expect(steadiness([series(20_000, (n) => (n < 15_000 ? 15_000 : 7000), seed)])!.steady).toBe(false)
    }
  })

  test('is found alike however the series is cut into pieces', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 0, max: 5000 }), (seed, at) => {
        const whole = series(5000, (n) => (n < 700 ? 2e6 : 1e6), seed)
        expect(steadiness([whole.subarray(0, at), whole.subarray(at)])).toEqual(steadiness([whole]))
      }),
      { numRuns: 30 },
    )
  })
})

describe('stationary noise', () => {
  test.each([1000, 5000, 200_000])('of %s operations is steady, and next to all of it is kept', (length) => {
    const found = seedsOf(60).map((seed) => steadiness([series(length, () => 7000, seed)])!)
    expect(found.filter(({ steady }) => steady).length).toBeGreaterThanOrEqual(55)
    const cuts = found.map(({ cut }) => cut / length).toSorted((a, b) => a - b)
    expect(cuts[30]).toBeLessThanOrEqual(0.1)
  })

  test('a stall here and there does not look like a warm-up', () => {
    const stalled = series(20_000, () => 7000, 1)
    for (const at of [100, 5000, 9000]) stalled[at] = 30e6
    expect(steadiness([stalled])).toMatchObject({ steady: true })
  })
})

test('a drift is no steady state, up or down, fast or slow operations', () => {
  fc.assert(
    fc.property(
      seeds,
      fc.constantFrom(-1, 1),
      fc.constantFrom(700, 70_000, 7e6),
      fc.integer({ min: 1000, max: 30_000 }),
      (seed, sign, baseNs, length) => {
        const drifting = series(length, (n) => baseNs * (1 + (sign * 0.3 * n) / length), seed, 0.03)
        expect(steadiness([drifting])!.steady).toBe(false)
      },
    ),
    { numRuns: 60 },
  )
})

test('a level that keeps jumping is no steady state', () => {
  const jumping = series(30_000, (n) => (n < 12_000 || n >= 21_000 ? 7000 : 7700), 1, 0.02)
  expect(steadiness([jumping])!.steady).toBe(false)
})

test('too few operations: unknown, not steady', () => {
  const few = series(LEAST_OPERATIONS, () => 7000, 1)
  expect(steadiness([few])).not.toBeNull()
  expect(steadiness([few.subarray(1)])).toBeNull()
  expect(steadiness([])).toBeNull()
})

test('times of zero make no infinity', () => {
  expect(steadiness([new Float64Array(2000)])).toMatchObject({ cut: 0, steady: true })
})

describe('drift within a round', () => {
  test('is the median of the last third over that of the first', () => {
    expect(driftRatio(Float64Array.from({ length: 30 }, (_, n) => (n < 10 ? 100 : n < 20 ? 999 : 130)))).toBe(1.3)
    expect(driftRatio(new Float64Array(29).fill(5))).toBeNull()
  })

  test('leaves the samples in their order', () => {
    const values = Float64Array.from({ length: 60 }, (_, n) => 60 - n)
    driftRatio(values)
    expect([...values]).toEqual(Array.from({ length: 60 }, (_, n) => 60 - n))
  })

  test.each([
    ['all rounds slow down', [1.1, 1.2, 1.08, 1.3, 1.05, 1.12], false],
    ['all rounds speed up', [0.9, 0.8, 0.92, 0.7, 0.95, 0.88], false],
    ['rounds that agree to a percent', [1.01, 0.99, 1, 1.005, 0.995, 1.002], true],
    ['noise in both directions', [1.3, 0.7, 1.1, 0.9, 1.2, 0.8], null],
    ['a small drift that all share is not worth a word', [1.02, 1.02, 1.02, 1.02, 1.02, 1.02], true],
    ['five rounds carry no interval', [1.1, 1.2, 1.08, 1.3, 1.05], null],
    ['rounds too short to have thirds', [null, null, null, null, null, null], null],
    ['no round', [], null],
  ] as const)('%s', (_, ratios, expected) => {
    expect(steadyOf(ratios.map((ratio) => ({ driftRatio: ratio })))).toBe(expected)
  })
})
