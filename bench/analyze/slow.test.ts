import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { slowOperations } from './slow.ts'

const P50 = 1000
const ORIGIN = 5e12

/** Operations of 1 us but for some; in stretches of 100 with a pause of 50 us between them. */
function round(slow: Readonly<Record<number, number>>, waits: Readonly<Record<number, number>> = {}, length = 1000) {
  const durationsNs = Float64Array.from({ length }, (_, n) => slow[n] ?? P50)
  const stretches: { first: number; startNs: number; waitNs: number | null }[] = []
  const starts: number[] = []
  let at = ORIGIN
  for (let n = 0; n < length; n += 1) {
    if (n % 100 === 0) {
      if (n > 0) at += 50_000
      stretches.push({ first: n, startNs: at, waitNs: waits[n / 100] ?? 0 })
    }
    starts.push(at)
    at += durationsNs[n]!
  }
  return { durationsNs, stretches, starts }
}

describe('what is slow', () => {
  test('is ten times the median, to the nanosecond', () => {
    const { durationsNs, stretches } = round({ 7: 9999, 8: 10_000 })
    const { thresholdNs, worst } = slowOperations(durationsNs, P50, stretches, [])
    expect(thresholdNs).toBe(10_000)
    expect(worst.map(({ index }) => index)).toEqual([8])
  })

  test('or 10 ms above it, so that a stall shows over a distance too', () => {
    const durationsNs = Float64Array.of(40e6, 40e6, 51e6, 40e6, 49e6)
    const { thresholdNs, worst } = slowOperations(durationsNs, 40e6, [{ first: 0, startNs: 0, waitNs: null }], [])
    expect(thresholdNs).toBe(50e6)
    expect(worst).toEqual([{ index: 2, offsetNs: 80e6, durationNs: 51e6, cause: 'unexplained' }])
  })

  test('is counted whole, and the slowest 20 are kept, slowest first, with their place in time', () => {
    const indices = fc.uniqueArray(fc.nat(999), { minLength: 0, maxLength: 60 })
    fc.assert(
      fc.property(indices, (chosen) => {
        const slow = Object.fromEntries(chosen.map((index, n) => [index, 20_000 + n * 1000]))
        const { durationsNs, stretches, starts } = round(slow)
        const { counts, worst } = slowOperations(durationsNs, P50, stretches, [])
        expect(counts).toEqual({ gc: 0, runqueue: 0, unexplained: chosen.length })
        const slowestFirst = chosen.toReversed().slice(0, 20)
        expect(worst.map(({ index }) => index)).toEqual(slowestFirst)
        for (const { index, offsetNs } of worst) expect(offsetNs).toBe(starts[index]! - ORIGIN)
      }),
      { numRuns: 50 },
    )
  })

  test('is nothing where the clock stood still', () => {
    expect(slowOperations(new Float64Array(5), 0, [{ first: 0, startNs: 0, waitNs: 0 }], []).worst).toEqual([])
  })
})

const both = (at: readonly number[]) => [10_000, 50_000].map((ns) => ({ startNs: at[450]! + ns, durationNs: 30_000 }))

describe('causes', () => {
  const cause = (
    slow: Readonly<Record<number, number>>,
    waits: Readonly<Record<number, number>>,
    collection: (starts: readonly number[]) => { startNs: number; durationNs: number }[],
  ) => {
    const { durationsNs, stretches, starts } = round(slow, waits)
    const { worst } = slowOperations(durationsNs, P50, stretches, collection(starts))
    return Object.fromEntries(worst.map((one) => [one.index, one.cause]))
  }

  test('a collection inside the operation, also when it began before', () => {
    expect(cause({ 450: 101_000 }, {}, (at) => [{ startNs: at[450]! + 10_000, durationNs: 60_000 }])[450]).toBe('gc')
    expect(cause({ 450: 101_000 }, {}, (at) => [{ startNs: at[450]! - 500, durationNs: 60_000 }])[450]).toBe('gc')
  })

  test('several collections count together', () => {
    expect(cause({ 450: 101_000 }, {}, both)[450]).toBe('gc')
  })

  test('a collection before, after, or much shorter than the operation explains nothing', () => {
    expect(cause({ 450: 101_000 }, {}, (at) => [{ startNs: at[450]! - 70_000, durationNs: 60_000 }])[450]).toBe(
      'unexplained',
    )
    expect(cause({ 450: 101_000 }, {}, (at) => [{ startNs: at[451]!, durationNs: 60_000 }])[450]).toBe('unexplained')
    expect(cause({ 450: 101_000 }, {}, (at) => [{ startNs: at[450]!, durationNs: 49_000 }])[450]).toBe('unexplained')
  })

  test('the thread waited in the same stretch, and not in another', () => {
    expect(cause({ 450: 101_000 }, { 4: 50_000 }, () => [])[450]).toBe('runqueue')
    expect(cause({ 450: 101_000 }, { 4: 49_000 }, () => [])[450]).toBe('unexplained')
    expect(cause({ 450: 101_000 }, { 3: 90_000, 5: 90_000 }, () => [])[450]).toBe('unexplained')
  })

  test('one wait does not explain two operations', () => {
    expect(cause({ 410: 101_000, 450: 201_000 }, { 4: 200_000 }, () => [])).toEqual({
      410: 'unexplained',
      450: 'runqueue',
    })
    expect(cause({ 410: 101_000, 450: 201_000 }, { 4: 300_000 }, () => [])).toEqual({
      410: 'runqueue',
      450: 'runqueue',
    })
  })

  test('where the system does not tell of waiting, nothing is blamed on it', () => {
    const { durationsNs, stretches } = round({ 450: 101_000 })
    const silent = stretches.map((stretch) => ({ ...stretch, waitNs: null }))
    expect(slowOperations(durationsNs, P50, silent, []).counts).toEqual({ gc: 0, runqueue: 0, unexplained: 1 })
  })
})
