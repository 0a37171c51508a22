import { describe, expect, test } from 'vitest'
import { inventedComparison } from '../../reports/testing/fixture.ts'
import type { Cell, Run } from '../contract/index.ts'
import { meanLatencies } from './means.ts'

const SMALL = { backends: 1, scenarios: 1, gaps: false, withNull: false, caveats: 'none' } as const
const { run } = inventedComparison({ ...SMALL, rounds: 6 })
const [cell] = run.cells
if (cell?.outcome !== 'measured') throw new Error('the fixture has a measured cell')

/** Six rounds of 10 operations whose means are 100 ... 600 ns. */
const rounds = cell.rounds.map((round, n) => ({ ...round, operations: 10, measuredNs: 1000 * (n + 1), errors: [] }))
const of = (changed: Partial<Cell & { rounds: unknown }>, scenario: object = {}): Run =>
  ({
    ...run,
    scenarios: run.scenarios.map((one) => ({ ...one, ...scenario })),
    cells: [{ ...cell, rounds, ...changed }],
  }) as Run

describe('the mean of an operation', () => {
  test('comes from the means of rounds, with their exact interval', () => {
    const [{ estimate } = { estimate: null }] = meanLatencies(of({}))
    expect(estimate!.lowNs).toBeCloseTo(100, 6)
    expect(estimate!.highNs).toBeCloseTo(600, 6)
    // Walsh averages of logarithms: products of pairs, whose middle ones are near 3 and 4.
    expect(estimate!.valueNs).toBeGreaterThan(300)
    expect(estimate!.valueNs).toBeLessThan(400)
  })

  test('of few rounds has no interval', () => {
    const [{ estimate } = { estimate: null }] = meanLatencies(of({ rounds: rounds.slice(0, 2) }))
    expect(estimate).toEqual({ valueNs: expect.closeTo(Math.sqrt(100 * 200), -1) as number, lowNs: null, highNs: null })
  })

  test('counts what failed, for a caller waited for it, and every caller', () => {
    const failed = rounds.map((round) => ({ ...round, measuredNs: 1000, errors: [{ code: 'X', count: 10 }] }))
    expect(meanLatencies(of({ rounds: failed }))[0]!.estimate.valueNs).toBeCloseTo(50, 6)
    const four = { kind: 'closed', callers: 4 } as const
    expect(meanLatencies(of({ rounds: failed, load: four }))[0]!.estimate.valueNs).toBeCloseTo(200, 6)
  })

  test('is said of no cold start, no open loop and no round without an operation', () => {
    expect(meanLatencies(of({}, { start: 'cold' }))).toEqual([])
    expect(
      meanLatencies(of({ load: { kind: 'open', ratePerSecond: 10, arrivals: 'poisson', concurrency: 8 } })),
    ).toEqual([])
    expect(meanLatencies(of({ rounds: rounds.map((round) => ({ ...round, operations: 0 })) }))).toEqual([])
  })
})
