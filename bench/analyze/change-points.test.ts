import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../contract/index.ts'
import type { ChangeRules } from './change-points.ts'
import { changePoints } from './change-points.ts'
import { normal } from './testing/noise.ts'

const RULES: ChangeRules = { alpha: 0.01, shortest: 4, shuffles: 399 }
const SERIES = 200

/** Values with noise of one unit, whose neighbours are alike by `rho`, and which rise by `step` at `at`. */
function series(seed: number, length: number, { rho = 0, at = length, step = 0 } = {}): number[] {
  const random = seededRandom('series', seed, length)
  let noise = normal(random)
  return Array.from({ length }, (_, n) => {
    noise = rho * noise + Math.sqrt(1 - rho * rho) * normal(random)
    return noise + (n >= at ? step : 0)
  })
}

const find = (values: readonly number[]): number[] => changePoints(values, RULES, seededRandom('found'))

/** How many of 200 series have a change point. */
const alarms = (length: number, rho: number): number =>
  Array.from({ length: SERIES }, (_, seed) => find(series(seed, length, { rho }))).filter(({ length: n }) => n > 0)
    .length

describe('where nothing changes', () => {
  test('hardly any series of independent values has a change point', () => {
    expect(alarms(30, 0)).toBeLessThanOrEqual(7)
    expect(alarms(60, 0)).toBeLessThanOrEqual(7)
  })

  // Without looking at how alike neighbours are, it would be 25 and 40 %.
  test('neighbours that are alike do not look like changes', () => {
    expect(alarms(30, 0.5)).toBeLessThanOrEqual(30)
    expect(alarms(60, 0.5)).toBeLessThanOrEqual(30)
  })

  test('the same value again and again never changes', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), fc.nat(40), (value, length) => {
        expect(find(Array.from({ length }, () => value))).toEqual([])
      }),
      { numRuns: 50 },
    )
  })
})

describe('where something changes', () => {
  test.each([
    [20, 10],
    [20, 15],
    [40, 34],
  ])('a step of six times the noise in %i values at %i is found at its place', (length, at) => {
    const found = Array.from({ length: 50 }, (_, seed) => find(series(seed, length, { at, step: 6 })))
    expect(found.filter((points) => points.some((point) => Math.abs(point - at) <= 1)).length).toBeGreaterThanOrEqual(
      48,
    )
  })

  test('one that is undone later is two', () => {
    const values = series(1, 40).map((value, n) => value + (n >= 15 && n < 28 ? 8 : 0))
    expect(find(values)).toEqual([15, 28])
  })
})

describe('always', () => {
  const values = fc.array(fc.double({ noNaN: true, min: -1e3, max: 1e3 }), { maxLength: 40 })

  test('change points ascend, and stretches are never shorter than the rules say', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 2, max: 6 }), (given, shortest) => {
        const ends = [0, ...changePoints(given, { ...RULES, shortest, alpha: 0.2 }, seededRandom('any')), given.length]
        for (const [n, end] of ends.slice(1).entries())
          expect(end - ends[n]!).toBeGreaterThanOrEqual(given.length === 0 ? 0 : Math.min(shortest, given.length))
      }),
      { numRuns: 100 },
    )
  })

  test('neither unit nor origin matters', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.double({ min: 0.001, max: 1000, noNaN: true }), (seed, scale) => {
        const base = series(seed, 24, { at: 12, step: 4 })
        expect(find(base.map((value) => value * scale + 3))).toEqual(find(base))
      }),
      { numRuns: 20 },
    )
  })
})
