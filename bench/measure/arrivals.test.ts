import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededRandom } from '../contract/index.ts'
import { timetable } from './arrivals.ts'

const plan = fc.record({
  ratePerSecond: fc.double({ min: 0.1, max: 5000, noNaN: true }),
  arrivals: fc.constantFrom('poisson' as const, 'constant' as const),
  durationNs: fc.integer({ min: 1, max: 2e8 }),
})

test('a timetable holds rate x duration arrivals, at least one: ascending, whole, within the duration, and of the seed alone', () => {
  fc.assert(
    fc.property(plan, fc.integer(), (asked, seed) => {
      const offsets = timetable(asked, seededRandom(seed))
      expect(offsets.length).toBe(Math.max(1, Math.round((asked.ratePerSecond * asked.durationNs) / 1e9)))
      expect(offsets.every((at, n) => Number.isInteger(at) && at >= (offsets[n - 1] ?? 0))).toBe(true)
      expect(offsets.at(-1)!).toBeLessThanOrEqual(asked.durationNs)
      expect(timetable(asked, seededRandom(seed))).toEqual(offsets)
    }),
  )
})

test('constant gaps differ by a rounding at most', () => {
  const offsets = timetable({ ratePerSecond: 3000, arrivals: 'constant', durationNs: 1e9 }, seededRandom(1))
  for (let n = 1; n < offsets.length; n += 1)
    expect(Math.abs(offsets[n]! - offsets[n - 1]! - 1e9 / 3000)).toBeLessThanOrEqual(1)
})

/** Kolmogorov-Smirnov against 1 - exp(-x): the seeds are fixed, so this cannot fail by chance. */
test.each([1, 2, 3, 4, 5])('Poisson gaps are exponential and know nothing of the gap before (seed %i)', (seed) => {
  const rate = 20_000
  const offsets = timetable({ ratePerSecond: rate, arrivals: 'poisson', durationNs: 1e9 }, seededRandom(seed))
  const gaps = [...offsets].map((at, n) => ((at - (offsets[n - 1] ?? 0)) * rate) / 1e9)
  const sorted = gaps.toSorted((a, b) => a - b)
  const furthest = Math.max(...sorted.map((gap, n) => Math.abs((n + 0.5) / sorted.length - (1 - Math.exp(-gap)))))
  expect(furthest).toBeLessThan(1.63 / Math.sqrt(gaps.length))
  const along = gaps.slice(1).reduce((sum, gap, n) => sum + (gap - 1) * (gaps[n]! - 1), 0) / gaps.length
  expect(Math.abs(along)).toBeLessThan(4 / Math.sqrt(gaps.length))
})

const thousandAt = (ratePerSecond: number): Float64Array =>
  timetable({ ratePerSecond, arrivals: 'poisson', durationNs: 1e12 / ratePerSecond }, seededRandom(9))

test('the same seed bunches arrivals alike at every rate, so that the loads of a sweep differ in their rate alone', () => {
  const [slow, fast] = [thousandAt(10), thousandAt(1000)]
  expect(slow.length).toBe(fast.length)
  for (const [n, ns] of slow.entries()) expect(Math.abs(ns / 100 - fast[n]!)).toBeLessThanOrEqual(1)
})
