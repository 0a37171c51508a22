import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { graphemes } from '../graphemes.ts'
import { cut, oneLine, wrap } from './text.ts'

/** As if every character that a person counts were 10 px wide. */
const measure = (text: string): number => 10 * graphemes(text).length

describe('cut', () => {
  test('leaves what fits', () => expect(cut('SQLite', 60, measure)).toBe('SQLite'))
  test('never between the parts of a character', () => {
    const family = '👩‍👩‍👧'
    expect(cut(family.repeat(4), 30, measure)).toBe(`${family.repeat(2)}…`)
    expect(cut('e\u0301'.repeat(5), 30, measure)).toBe(`${'e\u0301'.repeat(2)}…`)
    expect(cut('שלום עולם', 50, measure)).toBe('שלום…')
  })
  test('of anything fits, or is an ellipsis', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 10, max: 200 }), (text, px) => {
        expect(measure(cut(text, px, measure))).toBeLessThanOrEqual(px)
      }),
    ))
})

describe('wrap', () => {
  test('keeps words whole', () => expect(wrap('one two three', 70, measure)).toEqual(['one two', 'three']))
  test('says where it left something out', () => expect(wrap('one two three', 70, measure, 1)).toEqual(['one tw…']))
  test('cuts a word that is longer than a line', () =>
    expect(wrap('a longword b', 50, measure)).toEqual(['a', 'long…', 'b']))
  test('of nothing is nothing', () => expect(wrap('', 50, measure)).toEqual([]))
  test('of anything fits and loses no word that fits', () =>
    fc.assert(
      fc.property(fc.lorem({ maxCount: 12 }), fc.integer({ min: 150, max: 400 }), (text, px) => {
        const lines = wrap(text, px, measure)
        for (const line of lines) expect(measure(line)).toBeLessThanOrEqual(px)
        expect(lines.join(' ')).toBe(text)
      }),
    ))
})

test('one line has no control, and nothing that turns the direction', () => {
  expect(oneLine('a\u001b[31m\u2028b\u202ec\u2066d\ue000')).toBe('a [31m bcd\ue000')
  expect(oneLine('\ud800x')).toBe('\ufffdx')
})
