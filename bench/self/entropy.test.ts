import { expect, test } from 'vitest'
import { seededRandom } from '../contract/index.ts'
import { entropyBytes } from './entropy.ts'

const random = seededRandom('entropy')
const drawn = (count: number, draw: () => number): Float64Array => Float64Array.from({ length: count }, draw)

test('is that of the distribution, whether values come again or not', () => {
  expect(entropyBytes(new Float64Array(1000).fill(7))).toBe(0)
  expect(entropyBytes(drawn(100_000, () => random.integer(256))) * 8).toBeCloseTo(8, 1)
  // A uniform draw of 2^20 values, a thousand times: nearly all come once, and 20 bits is the truth.
  expect(entropyBytes(drawn(1000, () => random.integer(2 ** 20))) * 8).toBeGreaterThan(19.5)
  expect(entropyBytes(drawn(1000, () => random.integer(2 ** 20))) * 8).toBeLessThan(20.2)
})

test('of few values is rather too low than too high', () => {
  const few = Array.from({ length: 200 }, () => entropyBytes(drawn(100, () => random.integer(2 ** 20))) * 8)
  const mean = few.reduce((sum, bits) => sum + bits, 0) / few.length
  expect(mean).toBeLessThan(20)
  expect(mean).toBeGreaterThan(18.5)
})
