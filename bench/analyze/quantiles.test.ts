import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { trimmedHarrellDavis } from './harrell-davis.ts'
import { seededRandom } from '../contract/index.ts'
import { quantiles, tooFew } from './quantiles.ts'

/** Type 7 as the paper writes it, on sorted numbers. */
function reference(values: readonly number[], p: number): number {
  const sorted = Float64Array.from(values).sort()
  const h = (sorted.length - 1) * p
  const [below, above] = [sorted[Math.floor(h)]!, sorted[Math.ceil(h)]!]
  return below + (above - below) * (h - Math.floor(h))
}

const PS = [0, 0.05, 0.25, 0.5, 0.9, 0.99, 0.999, 1]

describe('quantiles', () => {
  test('equal the definition, however the values are split', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2 ** 31 - 1), { minLength: 1000, maxLength: 1300 }), fc.nat(1300), (values, cut) => {
        const parts = [values.slice(0, cut), values.slice(cut)].map((part) => Float64Array.from(part))
        expect(quantiles(parts, PS)).toEqual(PS.map((p) => reference(values, p)))
      }),
    )
  })

  const spread = fc.record({
    seed: fc.nat(1e6),
    /** Most values are below the first, some up to the second: in buckets of one value and of many, and slower than any. */
    most: fc.constantFrom(1, 300, 513, 1000, 2 ** 18, 3e6),
    far: fc.constantFrom(0, 0.001, 0.3, 1),
    farthest: fc.constantFrom(2 ** 18, 9e6, 2 ** 25, 2 ** 26, 2 ** 33),
    fractions: fc.constantFrom(0, 0, 0, 1),
  })
  test('counting finds the same as sorting, wherever the values lie', () => {
    fc.assert(
      fc.property(spread, ({ seed, most, far, farthest, fractions }) => {
        const random = seededRandom(seed)
        const values = Array.from({ length: 20_000 }, (_, n) => {
          if (n < fractions) return n + 0.5
          return Math.round(random.real() * (random.real() < far ? farthest : most))
        })
        const cut = random.integer(values.length)
        const parts = [values.slice(0, cut), values.slice(cut)].map((part) => Float64Array.from(part))
        expect(quantiles(parts, PS)).toEqual(PS.map((p) => reference(values, p)))
      }),
      { numRuns: 25 },
    )
  })

  test('are those of the other rule below 1,000 values, however the values are split', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2 ** 31 - 1), { minLength: 1, maxLength: 999 }), fc.nat(999), (values, cut) => {
        const parts = [values.slice(0, cut), values.slice(cut)].map((part) => Float64Array.from(part))
        const sorted = Float64Array.from(values).sort()
        expect(quantiles(parts, PS)).toEqual(PS.map((p) => trimmedHarrellDavis(sorted, p)))
      }),
    )
  })

  test('change hands at 1,000 and hardly differ there', () => {
    const all = Float64Array.from({ length: 1000 }, (_, n) => 5000 + ((n * 7919) % 1009))
    const [few, many] = [quantiles([all.subarray(1)], [0.5, 0.9]), quantiles([all], [0.5, 0.9])]
    expect(many).toEqual([0.5, 0.9].map((p) => reference([...all], p)))
    for (const [n, value] of few.entries()) expect(value / many[n]!).toBeCloseTo(1, 2)
  })

  test('leave their input as it was', () => {
    const values = Float64Array.of(3, 1, 2)
    quantiles([values], [0.5])
    expect([...values]).toEqual([3, 1, 2])
  })

  test('are nothing without values', () => {
    expect(() => quantiles([new Float64Array()], [0.5])).toThrow(RangeError)
  })
})

describe('too few', () => {
  test.each([
    [0.999, 100_000, 10_000, false],
    [0.999, 100_000, 9_999, true],
    [0.999, 99_999, 10_000, true],
    [0.99, 10_000, 1000, false],
    [0.99, 9_999, 1000, true],
    [0.25, 40, 1, false],
    [0.25, 39, 1, true],
    [0.5, 1, 1, false],
    [0.5, 0, 0, true],
  ])('p %s of %s operations, at least %s a round: %s', (p, pooled, smallest, expected) => {
    expect(tooFew(p, pooled, smallest)).toBe(expected)
  })
})
