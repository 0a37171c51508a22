import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { holm } from './holm.ts'

const ps = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 })

describe('Holm', () => {
  test('by hand', () => {
    expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02])
    expect(holm([0.2])).toEqual([0.2])
    expect(holm([])).toEqual([])
  })

  test('rejects what stepping down rejects, at every alpha', () => {
    fc.assert(
      fc.property(ps, fc.double({ min: 0.001, max: 0.5, noNaN: true }), (values, alpha) => {
        const order = values.map((_, n) => n).toSorted((a, b) => values[a]! - values[b]!)
        const rejected = new Set<number>()
        for (const [rank, n] of order.entries()) {
          if ((values.length - rank) * values[n]! > alpha) break
          rejected.add(n)
        }
        expect(new Set(holm(values).flatMap((p, n) => (p <= alpha ? [n] : [])))).toEqual(rejected)
      }),
    )
  })

  test('lies between the p itself and Bonferroni, and keeps the order', () => {
    fc.assert(
      fc.property(ps, (values) => {
        const adjusted = holm(values)
        for (const [n, p] of values.entries()) {
          expect(adjusted[n]).toBeGreaterThanOrEqual(p)
          expect(adjusted[n]).toBeLessThanOrEqual(Math.min(1, p * values.length))
          for (const [other, q] of values.entries())
            if (p < q) expect(adjusted[n]!).toBeLessThanOrEqual(adjusted[other]!)
        }
      }),
    )
  })
})
