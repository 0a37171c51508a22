import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { histogram } from './histogram.ts'
import { timeline } from './timeline.ts'

const of = (...rounds: number[][]) =>
  timeline(
    rounds.map((_, repetition) => ({ repetition })),
    rounds.map((values) => Float64Array.from(values)),
  )
const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)

describe('timeline', () => {
  test('every operation is in one slice of its own round, whatever it took', () => {
    const durations = fc.array(fc.oneof(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 1, max: 2 ** 40 })), {
      minLength: 1,
      maxLength: 60,
    })
    fc.assert(
      fc.property(fc.array(durations, { minLength: 1, maxLength: 30 }), (rounds) => {
        for (const [n, { slices, sliceNs }] of of(...rounds).entries()) {
          expect(slices.length).toBe(Math.min(rounds[n]!.length, Math.max(1, Math.floor(24 / rounds.length))))
          expect(sum(slices.flatMap(({ counts }) => counts))).toBe(rounds[n]!.length)
          expect(Math.abs(sliceNs * slices.length - sum(rounds[n]!))).toBeLessThanOrEqual(slices.length)
          // Slices hold what followed one another.
          let at = 0
          for (const slice of slices) {
            const own = rounds[n]!.slice(at, at + sum(slice.counts))
            expect(slice).toEqual(histogram([Float64Array.from(own)], 12))
            at += own.length
          }
        }
      }),
    )
  })

  test('a slice is a part of the time, not of the operations', () => {
    const [round] = of([...Array.from({ length: 1200 }, () => 10), ...Array.from({ length: 12 }, () => 1000)])
    expect(round!.slices.map(({ counts }) => sum(counts))).toEqual([
      ...Array.from({ length: 12 }, () => 100),
      ...Array.from({ length: 12 }, () => 1),
    ])
  })

  test('while one operation stalls, none begins: the slices that it outlasts are empty', () => {
    const [round] = of([...Array.from({ length: 100 }, () => 10), 2000, ...Array.from({ length: 100 }, () => 10)])
    const counts = round!.slices.map((slice) => sum(slice.counts))
    expect(counts.slice(0, 4)).toEqual([17, 17, 16, 17])
    expect(counts[8]).toBe(0)
    expect(counts.filter((count) => count === 0)).toHaveLength(11)
  })

  test('rounds are in the order of their repetitions, also one that was measured again', () => {
    const rounds = timeline([{ repetition: 1 }, { repetition: 0 }], [Float64Array.of(10), Float64Array.of(1000)])
    expect(rounds.map(({ repetition, sliceNs }) => [repetition, sliceNs])).toEqual([
      [0, 1000],
      [1, 10],
    ])
  })
})
