import fc from 'fast-check'
import { expect, test } from 'vitest'
import { between, CONTENDED, exactly, failedOr, near, verdictOf, worst } from './row.ts'

const within = near('within', 'ns', 100, 101, 2)
const outside = near('outside', 'ns', 100, 103, 2)

test('a busy machine excuses what it can have caused, and nothing else', () => {
  const busy = fc.option(fc.double({ min: 0, max: 1, noNaN: true }))
  fc.assert(
    fc.property(busy, (share) => {
      expect(verdictOf(within, share)).toBe('pass')
      expect(verdictOf(exactly('count', 3, 2), share)).toBe('fail')
      expect(verdictOf(between('bounds', 'ns', 5, 9, [4, 8]), share)).toBe('fail')
      expect(verdictOf(outside, share)).toBe(share !== null && share > CONTENDED ? 'contended' : 'fail')
    }),
  )
})

test('what is no number is never right', () => {
  expect(verdictOf(exactly('count', 3, Number.NaN), 0)).toBe('fail')
  expect(verdictOf(near('time', 'ns', Number.NaN, 3, 1), 0)).toBe('fail')
})

test('one line stands for many rows, and hides none that does not hold', () => {
  const nearer = near('nearer to its limit', 'ns', 100, 101.9, 2)
  expect(worst([within, nearer])).toEqual([nearer])
  expect(worst([within, outside, nearer])).toEqual([outside])
  expect(failedOr('all of them', [within, nearer])).toEqual([exactly('all of them', 2, 2)])
  expect(failedOr('all of them', [within, outside])).toEqual([outside])
})
