import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeSamples, encodeSamples } from './samples.ts'

const latency = fc.oneof(fc.nat(100_000), fc.nat(2 ** 31 - 1), fc.integer({ min: 2 ** 32 - 3, max: 2 ** 40 }))

test('what is stored comes back exactly, in order', () => {
  fc.assert(
    fc.property(fc.array(latency, { maxLength: 500 }), (values) => {
      expect([...decodeSamples(encodeSamples(Float64Array.from(values)))]).toEqual(values)
    }),
  )
})

test('latencies that cluster take about two bytes', () => {
  const values = Float64Array.from({ length: 50_000 }, (_, n) => 900 + (Math.imul(n, 2_654_435_761) >>> 24))
  expect(encodeSamples(values).length / values.length).toBeLessThan(1.3)
})

test('a damaged file is an error, not wrong figures', () => {
  const bytes = encodeSamples(Float64Array.of(1, 2, 3))
  expect(() => decodeSamples(bytes.subarray(0, bytes.length - 4))).toThrow(Error)
  expect(() => decodeSamples(Buffer.from('something else entirely'))).toThrow(RangeError)
  const other = Buffer.from(bytes)
  other.writeUInt32LE(99, 8)
  expect(() => decodeSamples(other)).toThrow('version 99')
})
