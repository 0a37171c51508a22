import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { trimmedHarrellDavis } from './harrell-davis.ts'

const sortedOf = (values: readonly number[]): Float64Array => Float64Array.from(values).sort()

const values = fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 1, maxLength: 120 })
const ps = fc.double({ min: 0, max: 1, noNaN: true })

describe('trimmed Harrell-Davis', () => {
  /** Of the values k * k + 1, k = 1 ... n: SciPy 1.17.1, from `beta.cdf` and a root of `beta.pdf(x) - beta.pdf(x + width)`. */
  test.each([
    [2, 0.01, 2.0054507524789433],
    [2, 0.25, 2.337000217943615],
    [2, 0.5, 3.5000000000000004],
    [2, 0.95, 4.966668810526796],
    [2, 0.999, 4.999480906383994],
    [5, 0.01, 2.029903953100582],
    [5, 0.25, 3.797703607279427],
    [5, 0.5, 10.502174914667851],
    [5, 0.95, 25.445686557030953],
    [5, 0.999, 25.99198594938213],
    [10, 0.01, 2.085921204571505],
    [10, 0.25, 9.089342347227557],
    [10, 0.5, 32.12156064710642],
    [10, 0.95, 97.48650559729847],
    [10, 0.999, 100.95655738024628],
    [37, 0.01, 2.5410641698776506],
    [37, 0.25, 92.63974572983034],
    [37, 0.5, 364.8400068887811],
    [37, 0.95, 1276.4566468924336],
    [37, 0.999, 1369.2337788332252],
    [100, 0.01, 4.387881855502648],
    [100, 0.25, 642.4305916528056],
    [100, 0.5, 2558.4987831439585],
    [100, 0.95, 9141.618046494232],
    [100, 0.999, 9994.733336992076],
    [999, 0.01, 120.99289067669638],
    [999, 0.25, 62538.21725809686],
    [999, 0.5, 250073.83001752748],
    [999, 0.95, 901909.5646717132],
    [999, 0.999, 996842.4552060539],
  ])('%s squares, p = %s: as SciPy has it', (n, p, expected) => {
    const squares = Float64Array.from({ length: n }, (_, k) => (k + 1) ** 2 + 1)
    expect(Math.abs(trimmedHarrellDavis(squares, p) / expected - 1)).toBeLessThan(1e-12)
  })

  test('lies between the smallest and the largest, which are the quantiles 0 and 1', () => {
    fc.assert(
      fc.property(values, ps, (sample, p) => {
        const sorted = sortedOf(sample)
        const [least, most] = [sorted[0]!, sorted.at(-1)!]
        const found = trimmedHarrellDavis(sorted, p)
        expect(found).toBeGreaterThanOrEqual(least * (1 - 1e-12))
        expect(found).toBeLessThanOrEqual(most * (1 + 1e-12))
        expect(trimmedHarrellDavis(sorted, 0)).toBe(least)
        expect(trimmedHarrellDavis(sorted, 1)).toBe(most)
      }),
    )
  })

  test('moves and scales with the values, and does not care which end is up', () => {
    fc.assert(
      fc.property(values, ps, (sample, p) => {
        const sorted = sortedOf(sample)
        const found = trimmedHarrellDavis(sorted, p)
        expect(
          trimmedHarrellDavis(
            sorted.map((value) => 3 * value + 7),
            p,
          ) /
            (3 * found + 7),
        ).toBeCloseTo(1, 9)
        const turned = sorted.map((value) => -value).toReversed()
        expect(trimmedHarrellDavis(turned, 1 - p) / -found).toBeCloseTo(1, 6)
      }),
    )
  })

  test('grows with p', () => {
    fc.assert(
      fc.property(values, ps, ps, (sample, p, other) => {
        const sorted = sortedOf(sample)
        const [low, high] = [Math.min(p, other), Math.max(p, other)]
        expect(trimmedHarrellDavis(sorted, low)).toBeLessThanOrEqual(trimmedHarrellDavis(sorted, high) * (1 + 1e-9))
      }),
    )
  })

  test('an outlier at the other end is not in it', () => {
    const sorted = Float64Array.from({ length: 100 }, (_, n) => 1000 + n)
    const before = [0.25, 0.5, 0.75].map((p) => trimmedHarrellDavis(sorted, p))
    sorted[99] = 1e12
    expect([0.25, 0.5, 0.75].map((p) => trimmedHarrellDavis(sorted, p))).toEqual(before)
  })

  test('one value is every quantile', () => {
    for (const p of [0, 0.3, 0.5, 1]) expect(trimmedHarrellDavis(Float64Array.of(42), p)).toBe(42)
    for (const p of [0.05, 0.3, 0.5, 0.99]) expect(trimmedHarrellDavis(new Float64Array(77).fill(42), p)).toBe(42)
  })
})
