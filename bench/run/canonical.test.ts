import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalRows, canonicalValue } from './canonical.ts'

test.each([
  [42, 42n],
  [42, '42'],
  [true, 1],
  [null, undefined],
  [0.1 + 0.2, 0.3],
  [-0, 0],
  ['4.30', 4.3],
  ['{"b": 1, "a": [1, 2]}', { a: [1, 2], b: 1 }],
  [new Uint8Array([1, 255]), Buffer.from([1, 255])],
  [2 ** 53 - 1, '9007199254740991'],
])('%s is the same answer as %s', (a, b) => {
  expect(canonicalValue(a)).toBe(canonicalValue(b))
})

test.each([
  [1, 2],
  ['a', 'A'],
  [null, 0],
  [null, ''],
  ['', ' '],
  [0.1, 0.100001],
  ['{"a": [1, 2]}', { a: [2, 1] }],
  ['007', 7],
  ['null', null],
  ['[not json', '[not  json'],
  [new Uint8Array([1]), new Uint8Array([1, 0])],
])('%s is another answer than %s', (a, b) => {
  expect(canonicalValue(a)).not.toBe(canonicalValue(b))
})

test('columns compare by name; the order of rows counts where it was promised', () => {
  const rows = [
    { a: 1, b: 'x' },
    { a: 2, b: 'y' },
  ]
  const turned = [
    { b: 'y', a: 2 },
    { b: 'x', a: 1 },
  ]
  expect(canonicalRows(rows, false)).toEqual(canonicalRows(turned, false))
  expect(canonicalRows(rows, true)).not.toEqual(canonicalRows(turned, true))
})

test('JSON survives a round trip through text', () => {
  fc.assert(
    fc.property(
      fc.object({ maxDepth: 3, values: [fc.string(), fc.integer(), fc.boolean(), fc.constant(null)] }),
      (value) => {
        expect(canonicalValue(JSON.stringify(value))).toBe(canonicalValue(JSON.parse(JSON.stringify(value))))
      },
    ),
  )
})
