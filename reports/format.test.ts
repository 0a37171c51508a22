import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as format from './format.ts'

const SIZE: Readonly<Record<string, number>> = { ns: 1, µs: 1e3, ms: 1e6, s: 1e9 }
const read = (text: string): number => Number(text.split(' ')[0]!.replaceAll(',', '')) * SIZE[text.split(' ')[1]!]!
const positive = fc.double({ min: 1e-3, max: 1e15, noNaN: true, noDefaultInfinity: true })

describe('duration', () => {
  test.each([
    [742, '742 ns'],
    [91_800, '91.8 µs'],
    [1_100_000, '1.10 ms'],
    [999.4, '999 ns'],
    [999.6, '1.00 µs'],
    [999_600, '1.00 ms'],
    [6e10, '60.0 s'],
    [3.6e12, '3,600 s'],
    [0, '0 ns'],
    [-19e6, '−19.0 ms'],
    [0.4, '0.400 ns'],
  ])('%d ns reads %s', (ns, text) => expect(format.duration(ns)).toBe(text))

  test('reads back within three digits', () => {
    fc.assert(
      fc.property(positive, (ns) => {
        expect(Math.abs(read(format.duration(ns)) - ns)).toBeLessThanOrEqual(ns * 0.00501)
      }),
    )
  })

  test('has three significant digits below 1,000 s', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 9.99e11, noNaN: true }), (ns) => {
        const digits = format.duration(ns).split(' ')[0]!.replace('.', '').replace(/^0+/, '')
        expect(digits).toHaveLength(3)
      }),
    )
  })

  test('keeps order', () => {
    fc.assert(
      fc.property(positive, positive, (a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a]
        expect(read(format.duration(low))).toBeLessThanOrEqual(read(format.duration(high)) * (1 + 1e-12))
      }),
    )
  })
})

test('a ratio reads back within three digits', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), (value) => {
      const text = format.ratio(value)
      expect(text).toMatch(/^[\d,]+(\.\d+)?×$/)
      expect(Math.abs(Number(text.slice(0, -1).replaceAll(',', '')) - value)).toBeLessThanOrEqual(value * 0.00501)
    }),
  )
})

test('no function says NaN, Infinity or undefined, whatever it is given', () => {
  const functions = [
    format.duration,
    format.tick,
    format.ratio,
    format.count,
    format.roughCount,
    format.percent,
    format.change,
    format.rate,
    format.bytes,
  ]
  fc.assert(
    fc.property(fc.double(), fc.double(), (a, b) => {
      const texts = [
        ...functions.map((word) => word(a)),
        format.durationInterval(a, b),
        format.ratioInterval(a, b),
        format.changeInterval(a, b),
      ]
      for (const text of texts) expect(text).not.toMatch(/NaN|Infinity|undefined|e[+-]?\d/)
    }),
    {
      numRuns: 1000,
      examples: [Infinity, -Infinity, NaN, Number.MAX_VALUE, Number.MIN_VALUE, -0].map((value): [number, number] => [
        value,
        value,
      ]),
    },
  )
})

test('missing bounds are no interval', () => {
  expect(format.durationInterval(null, 3)).toBe('no interval')
  expect(format.ratioInterval(1, null)).toBe('no interval')
})

test.each([
  [format.bracketed({ lowerNs: 4e6, pointNs: 4.8e6, upperNs: 5.6e6 }), '4.80 ms'],
  [format.bracketed({ lowerNs: 0, pointNs: 0, upperNs: 1.96e6 }), '≤ 1.96 ms'],
  [format.bracketed({ lowerNs: 0, pointNs: 0, upperNs: 0 }), 'at once'],
  [format.about(1_268_000), 'about 1.3 ms'],
  [format.about(12_680_000), 'about 13 ms'],
  [format.about(996_000_000), 'about 1.0 s'],
  [format.about(126), 'about 130 ns'],
  [format.bracketEnds({ lowerNs: 0, upperNs: 1.96e6 }), '[0 ns – 1.96 ms]'],
  [format.durationInterval(738, 747), '738–747 ns'],
  [format.durationInterval(998, 1020), '998 ns – 1.02 µs'],
  [format.ratioInterval(120.4, 127), '120–127×'],
  [format.ratio(81_005), '81,000×'],
  [format.count(2_000_000), '2,000,000'],
  [format.roughCount(15_120_000), '15.1 million'],
  [format.percent(0.0312), '3.1 %'],
  [format.percent(1), '100 %'],
  [format.percent(0.9997), '99.9 %'],
  [format.percent(0.995), '99.5 %'],
  [format.percent(1 - 0.01), '99 %'],
  [format.percent(1.004), '100 %'],
  [format.percent(81), '8,100 %'],
  [format.change(0.0524), '+5.2 %'],
  [format.change(-0.003), '−0.3 %'],
  [format.change(-0.0001), '0.0 %'],
  [format.change(12.5), '+1,250 %'],
  [format.changeInterval(-0.004, 0.0312), '−0.4 to +3.1 %'],
  [format.bytes(24 * 2 ** 30), '24 GiB'],
  [format.quantileName(0.999), 'p99.9'],
  [format.quantileName(0.9999), 'p99.99'],
  [format.tick(1e4), '10 µs'],
  [format.moment('2026-11-23T09:14:05.120Z'), '23 Nov 2026, 09:14 UTC'],
  [format.moment('<yesterday>'), '<yesterday>'],
  [format.plural(1, 'round'), '1 round'],
  [format.list(['a', 'b', 'c']), 'a, b and c'],
  [format.list(['a', 'b', 'c', 'd'], 2), 'a, b and 2 more'],
])('%s', (text, expected) => expect(text).toBe(expected))

test('a rate on an axis is short', () => {
  expect([1, 20, 999, 1000, 12_345, 1e6, 2.5e7, Infinity].map(format.rateTick)).toEqual([
    '1/s',
    '20/s',
    '999/s',
    '1k/s',
    '12.3k/s',
    '1M/s',
    '25M/s',
    '–',
  ])
})
