import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runText } from './run-text.ts'

test('says what was given to it, whatever that is', () => {
  const hostile = fc.constantFrom('[\n 1\n]', '{\n "a": 1\n}', '\\n[\\n1]', '[\n', '{', '"')
  const given = fc.object({
    values: [fc.integer(), fc.double({ noNaN: true }), fc.boolean(), fc.constant(null), hostile],
  })
  fc.assert(
    fc.property(given, (value) => {
      expect(JSON.parse(runText(value))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})

test('figures that belong together have one line', () => {
  const text = runText({
    counts: [1, 2.5, -3e-7, null],
    bins: { first: 3, counts: [1, 2] },
    names: ['a', 'b'],
    none: [],
  })
  expect(text).toBe(
    '{\n "counts": [1,2.5,-3e-7,null],\n "bins": {"first": 3,"counts": [1,2]},\n "names": [\n  "a",\n  "b"\n ],\n "none": []\n}\n',
  )
})
