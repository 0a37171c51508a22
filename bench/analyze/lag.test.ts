import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bracketOf, lagEstimate, staleAfter } from './lag.ts'

/** A replica that shows a commit exactly `lag` after it, watched by a poller: every time is known. */
const world = fc.record({
  lag: fc.integer({ min: 0, max: 5_000_000 }),
  write: fc.integer({ min: 1, max: 2_000_000 }),
  commitAt: fc.double({ min: 0, max: 1, noNaN: true }),
  read: fc.integer({ min: 1, max: 500_000 }),
  snapshotAt: fc.double({ min: 0, max: 1, noNaN: true }),
  gap: fc.integer({ min: 0, max: 500_000 }),
  firstPollBefore: fc.integer({ min: 0, max: 1_000_000 }),
})

function watch({
  lag,
  write,
  commitAt,
  read,
  snapshotAt,
  gap,
  firstPollBefore,
}: Parameters<Parameters<typeof world.map>[0]>[0]) {
  const commit = write * commitAt
  const visible = commit + lag
  let lastMissStartNs: number | null = null
  for (let start = -firstPollBefore; ; start += read + gap) {
    if (start + read * snapshotAt >= visible) {
      return {
        commit,
        visible,
        write,
        marker: { writeStartNs: 0, writeAckNs: write, lastMissStartNs, firstSightEndNs: start + read },
      }
    }
    lastMissStartNs = Math.max(0, start)
  }
}

test('every bracket holds the truth, whatever the gaps and the phases', () => {
  fc.assert(
    fc.property(world, (of) => {
      const { commit, visible, write, marker } = watch(of)
      const found = bracketOf(marker)!
      const truths = [
        [found.commitToVisible, visible - commit],
        [found.sendToVisible, visible],
        [found.ackToVisible, Math.max(0, visible - write)],
      ] as const
      for (const [{ lowerNs, upperNs, pointNs }, truth] of truths) {
        expect(lowerNs).toBeLessThanOrEqual(truth + 1e-6)
        expect(upperNs).toBeGreaterThanOrEqual(truth - 1e-6)
        expect(pointNs).toBeGreaterThanOrEqual(lowerNs - 1e-6)
        expect(pointNs).toBeLessThanOrEqual(upperNs + 1e-6)
      }
      expect(found.leftCensored).toBe(marker.lastMissStartNs === null)
    }),
    { numRuns: 2000 },
  )
})

test('a marker that was never seen has no bracket', () => {
  expect(bracketOf({ writeStartNs: 0, writeAckNs: 5, lastMissStartNs: 100, firstSightEndNs: null })).toBeNull()
})

const brackets = [1, 2, 3, 4].map((n) => ({ lowerNs: n * 10, pointNs: n * 11, upperNs: n * 12 }))

test('quantiles keep the order of the bounds, and p99 wants enough markers', () => {
  const estimate = lagEstimate(brackets)
  expect(estimate.p50?.lowerNs).toBeCloseTo(25, 9)
  expect(estimate.p50?.pointNs).toBeCloseTo(27.5, 9)
  expect(estimate.p50?.upperNs).toBeCloseTo(30, 9)
  expect(estimate.p99).toBeNull()
  expect(estimate.maxUpperNs).toBe(48)
})

test('staleness falls from certain to impossible, and what was never seen stays stale', () => {
  const curve = staleAfter(brackets, 1)
  expect(curve[0]).toEqual({ tNs: 0, low: 1, high: 1 })
  expect(curve.at(-1)).toMatchObject({ low: 1 / 5, high: 1 / 5 })
  for (const { low, high } of curve) expect(low).toBeLessThanOrEqual(high)
  for (let n = 1; n < curve.length; n += 1) expect(curve[n]!.high).toBeLessThanOrEqual(curve[n - 1]!.high)
})

const exact = (ns: number) => ({ lowerNs: ns, pointNs: ns, upperNs: ns })

test('a marker that was never seen keeps its rank: whatever it would have taken, a quantile that is told is right', () => {
  const seen = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 300 })
  const later = fc.array(fc.integer({ min: 1000, max: 100_000 }), { maxLength: 300 })
  fc.assert(
    fc.property(seen, later, (seenNs, laterNs) => {
      const censored = lagEstimate(seenNs.map(exact), laterNs.length)
      const whole = lagEstimate([...seenNs, ...laterNs].map(exact))
      for (const p of ['p50', 'p95', 'p99'] as const) if (censored[p] !== null) expect(censored[p]).toEqual(whole[p])
      if (laterNs.length >= seenNs.length) expect(censored.p50).toBeNull()
      if (laterNs.length === 0) expect(censored.p50).not.toBeNull()
      expect(censored.maxUpperNs).toBe(laterNs.length > 0 ? null : Math.max(...seenNs))
    }),
  )
  expect(lagEstimate([], 3)).toEqual({ p50: null, p95: null, p99: null, maxUpperNs: null })
})
