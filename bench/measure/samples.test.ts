import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeSamples, encodeSamples } from './samples.ts'

const latency = fc.oneof(
  fc.nat(255),
  fc.nat(100_000),
  fc.nat(2 ** 31 - 1),
  fc.integer({ min: 2 ** 31, max: 2 ** 40 }),
  fc.constantFrom(2 ** 32 - 2, 2 ** 32 - 1, 2 ** 32, 0.5, 1e300, Number.MAX_SAFE_INTEGER),
)

const noise = (n: number): number => Math.imul(n + 1, 2_654_435_761) >>> 0

test('what is stored comes back exactly, in order', () => {
  fc.assert(
    fc.property(fc.array(latency, { maxLength: 500 }), (values) => {
      expect([...decodeSamples(encodeSamples(Float64Array.from(values)))]).toEqual(values)
    }),
  )
})

test('so does a plane that one byte fills, one that zstd shortens and one that it does not', () => {
  for (const value of [(): number => 258, (n: number) => 512 + (n % 2), (n: number) => noise(n) >>> 4]) {
    const values = Float64Array.from({ length: 5000 }, (_, n) => value(n))
    expect(decodeSamples(encodeSamples(values))).toEqual(values)
  }
})

test('latencies that cluster take little more than a byte', () => {
  const values = Float64Array.from({ length: 50_000 }, (_, n) => 900 + (noise(n) >>> 24))
  expect(encodeSamples(values).length / values.length).toBeLessThan(1.3)
})

test('a short round is not mostly headers', () => {
  const values = Float64Array.from({ length: 30 }, (_, n) => 40_800_000 + (noise(n) >>> 16))
  expect(encodeSamples(values).length).toBeLessThan(30 * 3 + 16)
  expect(encodeSamples(new Float64Array())).toHaveLength(14)
})

test('a damaged file is an error, not wrong figures', () => {
  const bytes = encodeSamples(Float64Array.of(1, 2, 3, 2 ** 40))
  for (let length = 0; length < bytes.length; length += 1)
    expect(() => decodeSamples(bytes.subarray(0, length)), `${length} bytes`).toThrow(Error)
  expect(() => decodeSamples(Buffer.from('something else entirely'))).toThrow('not a sample file')
  const other = Buffer.from(bytes)
  other[3] = 99
  expect(() => decodeSamples(other)).toThrow('version 99')
})
