import { expect, test } from 'vitest'
import { seededRandom } from '../../bench/contract/index.ts'
import { doublings, pack, rootOf, unpack } from './levels.ts'
import { peaksOf } from './peaks.ts'

test.each<[string, number[], number[]]>([
  ['nothing', [], []],
  ['one bin', [5000], [0]],
  ['one hill', [10, 200, 900, 300, 20], [2]],
  ['two hills', [10, 900, 20, 10, 20, 400, 10], [1, 5]],
  ['a shoulder is no peak', [10, 900, 700, 720, 300, 10], [1]],
  ['a heap of one percent, far to the right', [10, 9000, 500, 0, 0, 0, 40, 120, 30], [1, 7]],
  ['half a percent is the tail', [10, 9000, 500, 0, 0, 0, 10, 30, 5], [1]],
  ['a few operations are chance', [0, 9, 0, 0, 7, 0], []],
  ['a comb of a coarse clock', [900, 0, 950, 0, 900], [2]],
  ['two of one height', [500, 0, 0, 500], [0, 3]],
])('%s', (_, counts, peaks) => {
  expect(peaksOf(counts)).toEqual(peaks)
})

test('noise around one hill makes no second peak', () => {
  const random = seededRandom('peaks')
  for (let draw = 0; draw < 200; draw += 1) {
    const counts = Array.from({ length: 40 }, () => 0)
    for (let n = 0; n < 2000; n += 1) {
      const sum = Array.from({ length: 12 }, () => random.real()).reduce((a, b) => a + b, 0)
      counts[Math.floor(20 + (sum - 6) * 5)]! += 1
    }
    expect(peaksOf(counts)).toHaveLength(1)
  }
})

test('bins come back as they went', () => {
  const random = seededRandom('bins')
  for (let draw = 0; draw < 200; draw += 1) {
    const levels = Array.from({ length: random.integer(90) }, () => (random.real() < 0.7 ? 0 : random.integer(36)))
    const last = levels.findLastIndex((level) => level > 0)
    expect(unpack(pack(levels))).toEqual(levels.slice(0, last + 1))
  }
  expect(pack([0, 0, 0, 1, 35, 0])).toBe('C1z')
  expect([0, 1, 2, 3, 4, 1e6, 2 ** 50].map(doublings)).toEqual([0, 1, 2, 2, 3, 20, 35])
  expect([0, 1, 500, 1000].map((count) => rootOf(count, 1000))).toEqual([0, 1, 25, 35])
})
