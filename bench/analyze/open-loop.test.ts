import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { boundedQuantiles } from './censored.ts'
import type { OpenStamps } from './open-loop.ts'
import { isSaturated, openTimes, pace, unissuedBounds } from './open-loop.ts'
import { quantiles } from './quantiles.ts'

interface Simulation {
  readonly intended: readonly number[]
  readonly services: readonly number[]
  readonly lateness: readonly number[]
  readonly concurrency: number
  readonly endOfRunNs: number
  readonly failing: number
}

/** A database with c places that takes operations as they come, by a dispatcher that is late as told. */
function simulate({ intended, services, lateness, concurrency, endOfRunNs, failing }: Simulation): OpenStamps {
  const busyUntil: number[] = Array.from({ length: concurrency }, () => 0)
  const starts: number[] = []
  const ends: number[] = []
  for (const [n, due] of intended.entries()) {
    const place = busyUntil.indexOf(Math.min(...busyUntil))
    const start = Math.max(due, busyUntil[place]!, starts.at(-1) ?? 0) + lateness[n % lateness.length]!
    if (start >= endOfRunNs) break
    starts.push(start)
    ends.push((busyUntil[place] = start + services[n % services.length]!))
  }
  return {
    intendedNs: Float64Array.from(intended),
    startNs: Float64Array.from(starts),
    endNs: Float64Array.from(ends),
    failed: Uint8Array.from(starts, (_, n) => (failing > 0 && n % failing === failing - 1 ? 1 : 0)),
    endOfRunNs,
    concurrency,
  }
}

const simulation = fc
  .record({
    gaps: fc.array(fc.nat(1000), { minLength: 1, maxLength: 80 }),
    services: fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 20 }),
    lateness: fc.array(fc.nat(50), { minLength: 1, maxLength: 20 }),
    concurrency: fc.integer({ min: 1, max: 6 }),
    grace: fc.nat(5000),
    failing: fc.nat(7),
  })
  .map(({ gaps, grace, ...rest }): Simulation => {
    let at = 0
    const intended = gaps.map((gap) => (at += gap))
    return { ...rest, intended, endOfRunNs: at + grace + 1 }
  })

describe('times of an open loop', () => {
  test('response is wait plus service, and all stamps can be had again from what is stored', () => {
    fc.assert(
      fc.property(simulation, (asked) => {
        const stamps = simulate(asked)
        const { serviceNs, waitNs, gapNs } = openTimes(stamps)
        const kept = [...stamps.intendedNs.keys()].filter((n) => stamps.failed[n] !== 1)
        expect(gapNs.length).toBe(kept.length)
        let intended = 0
        for (const [at, n] of kept.entries()) {
          intended += gapNs[at]!
          expect(intended).toBe(stamps.intendedNs[n])
          if (n >= stamps.startNs.length) continue
          expect(intended + waitNs[at]!).toBe(stamps.startNs[n])
          expect(intended + waitNs[at]! + serviceNs[at]!).toBe(stamps.endNs[n])
        }
        const bounds = [...unissuedBounds(stamps)]
        expect(serviceNs.length + bounds.length).toBe(kept.length)
        expect(bounds).toEqual(asked.intended.slice(stamps.startNs.length).map((at) => asked.endOfRunNs - at))
      }),
    )
  })

  test('the lateness of the dispatcher is told apart from a busy database: it is what the simulated dispatcher was late', () => {
    fc.assert(
      fc.property(simulation, (asked) => {
        const stamps = simulate({ ...asked, lateness: [asked.lateness[0]!] })
        const { latenessNs } = openTimes(stamps)
        for (const [n, late] of latenessNs.entries()) {
          // A dispatcher that is late for one is late for those behind it as well.
          const behind = n > 0 && stamps.startNs[n]! - stamps.startNs[n - 1]! <= asked.lateness[0]!
          if (behind) expect(late).toBeGreaterThanOrEqual(0)
          else expect(late).toBe(asked.lateness[0]!)
        }
      }),
    )
  })

  test('every arrival is done, failed, backlog or all of it: nothing falls between', () => {
    fc.assert(
      fc.property(simulation, (asked) => {
        const stamps = simulate(asked)
        const { offered, unissued, backlog, achieved } = pace(stamps, asked.intended.at(-1)!)
        expect(offered).toBe(asked.intended.length)
        expect(unissued).toBe(offered - stamps.startNs.length)
        expect(backlog).toBeGreaterThanOrEqual(unissued)
        expect(achieved + backlog).toBeLessThanOrEqual(offered)
        if (asked.failing === 0) expect(achieved + backlog).toBe(offered)
      }),
    )
  })
})

const constant = (services: readonly number[], changes: Partial<Simulation> = {}): OpenStamps =>
  simulate({
    intended: Array.from({ length: 1000 }, (_, n) => n * 1000),
    services,
    lateness: [0],
    concurrency: 1,
    endOfRunNs: 1.5e6,
    failing: 0,
    ...changes,
  })

describe('saturation', () => {
  test.each([
    ['half of what it could do', constant([500]), false],
    ['what it can do, nearly', constant([990]), false],
    ['2 % more than it can do', constant([1021]), true],
    ['twice what it can do', constant([2000]), true],
    ['a long way, with room for all that are on it', constant([100_000], { concurrency: 1024 }), false],
    ['a long way, and a narrow one', constant([100_000], { concurrency: 50 }), true],
    ['2 % errors', constant([500], { failing: 50 }), true],
    ['half a percent of errors', constant([500], { failing: 200 }), false],
  ])('%s', (_, stamps, expected) => {
    expect(isSaturated(pace(stamps, 1e6))).toBe(expected)
  })
})

describe('quantiles of values that are partly known from below', () => {
  const times = fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 200 })

  test('are the truth where they say so, and never above it elsewhere', () => {
    fc.assert(
      fc.property(times, fc.array(fc.tuple(fc.nat(10_000), fc.nat(10_000)), { maxLength: 60 }), (exact, hidden) => {
        const ps = [0, 0.05, 0.5, 0.9, 0.95, 0.99, 1]
        const values = Float64Array.from(exact)
        const bounds = Float64Array.from(hidden, ([bound]) => bound)
        const truth = quantiles([values, Float64Array.from(hidden, ([bound, more]) => bound + more)], ps)
        for (const [n, { ns, atLeast }] of boundedQuantiles([values], [bounds], ps).entries()) {
          if (atLeast) expect(ns).toBeLessThanOrEqual(truth[n]! + 1e-9)
          else expect(ns).toBe(truth[n])
        }
      }),
    )
  })

  test('none hidden: all are exact; the largest of a hidden one is a bound', () => {
    const values = Float64Array.of(1, 2, 3, 4)
    expect(boundedQuantiles([values], [], [0.5, 1]).every(({ atLeast }) => !atLeast)).toBe(true)
    const found = boundedQuantiles([values], [Float64Array.of(2.5)], [0, 0.5, 1])
    expect(found.map(({ atLeast }) => atLeast)).toEqual([false, true, true])
    expect([found[0]!.ns, found[2]!.ns]).toEqual([1, 4])
  })
})
