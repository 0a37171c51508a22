import { describe, expect, test } from 'vitest'
import type { Law } from '../../bench/contract/index.ts'
import { inventedComparison } from '../testing/fixture.ts'
import { viewOf } from '../view.ts'
import { ladderAt, meansAt, standings } from './at-distance.ts'
import type { ChartData } from './data.ts'
import { chartData } from './data.ts'
import { drawnScenarios } from './distance.ts'
import { movedText } from './moved-text.ts'
import { rttSteps } from './rtt-steps.ts'

const comparison = inventedComparison({ gaps: false })

/** Chart data with other laws: by backend of the first scenario, as [k, low, high, a, fit error]. */
function dataWith(
  laws: Readonly<Record<string, readonly [number, number | null, number | null, number, number]>>,
): ChartData {
  const study = comparison.run.distance!
  const fitted = Object.entries(laws).map(([backend, [value, low, high, baseNs, fitError]]): Law => ({
    backend,
    scenario: 'point-read',
    outcome: 'fitted',
    roundTrips: { value, low, high },
    baseNs,
    fitError,
    leftOutError: null,
    points: [31e3, 60e6].map((rttNs) => ({
      backend,
      requestedRttNs: rttNs,
      rttNs,
      p50Ns: baseNs + value * rttNs,
      lowNs: null,
      highNs: null,
      fittedNs: baseNs + value * rttNs,
      predictedNs: null,
    })),
  }))
  const kept = study.laws.filter((law) => laws[law.backend] === undefined && law.outcome === 'constant')
  const run = { ...comparison.run, distance: { ...study, laws: [...kept, ...fitted], crossings: [] } }
  return chartData(viewOf({ ...comparison, run }), 0, '')
}

const [SQLITE, TURSO, D1, POSTGRES] = [0, 1, 2, 3]
const of = (data: ChartData, backend: number, rttNs: number) =>
  standings(data, 0, rttNs).find((one) => one.backend === backend)!

describe('a median at a distance', () => {
  const data = dataWith({ 'turso-replica': [2, 1.9, 2.2, 1e5, 0.001], postgres: [1, null, null, 2e5, 0.001] })

  test('is a + k x RTT, and its interval that of k', () => {
    expect(of(data, TURSO, 10e6)).toMatchObject({
      ns: 1e5 + 2 * 10e6,
      lowNs: 1e5 + 1.9 * 10e6,
      highNs: 1e5 + 2.2 * 10e6,
      origin: 'fitted',
    })
    expect(of(data, POSTGRES, 10e6)).toMatchObject({ ns: 10.2e6, lowNs: null, highNs: null })
  })

  test('is extrapolated beyond what was measured, and says so', () => {
    expect(of(data, TURSO, 60e6).origin).toBe('fitted')
    expect(of(data, TURSO, 61e6).origin).toBe('beyond')
    expect(movedText(data, 0, new Set(), 61e6)).toContain(
      'Measured up to 60.0 ms: beyond that the line is extrapolated.',
    )
    expect(movedText(data, 0, new Set(), 60e6)).not.toContain('extrapolated')
  })

  test('stays where there is nothing to travel to, and where there is no law', () => {
    const medians = data.distance!.medians[0]!
    for (const [backend, origin] of [
      [SQLITE, 'constant'],
      [D1, 'measured'],
    ] as const) {
      const here = medians.find((one) => one.backend === backend)!
      expect(of(data, backend, 150e6)).toMatchObject({ ns: here.ns, lowNs: here.lowNs, highNs: here.highNs, origin })
    }
    const text = movedText(data, 0, new Set(), 20e6)
    expect(text).toContain('nothing to travel to: SQLite in process.')
    expect(text).toContain('Without a law, so not moved: Cloudflare D1, local, ')
    expect(movedText(data, 0, new Set([D1]), 20e6)).not.toContain('Cloudflare')
  })

  test('is ranked anew, with ratios to whoever is first there', () => {
    const at = standings(data, 0, 1e6)
    expect(at.map(({ ns }) => ns)).toEqual(at.map(({ ns }) => ns).toSorted((a, b) => a - b))
    const [first] = at
    for (const { ns, ratio } of at) expect(ratio!.value).toBeCloseTo(ns / first!.ns, 9)
    const turso = of(data, TURSO, 1e6)
    expect(turso.ratio).toMatchObject({ low: turso.lowNs! / first!.highNs!, high: turso.highNs! / first!.lowNs! })
    expect(of(data, POSTGRES, 1e6).ratio).toMatchObject({ low: null, high: null })
  })

  test('of a line that passes below zero is no figure, and a lower end there no interval', () => {
    const steep = dataWith({ 'turso-replica': [3, -1, 5, -4e5, 0.1] })
    expect(of(steep, TURSO, 1e5)).toMatchObject({ origin: 'measured' })
    expect(of(steep, TURSO, 1e6)).toMatchObject({ origin: 'fitted', ns: 2.6e6, lowNs: null })
  })
})

describe('a rank at a distance', () => {
  test('is shared where the error of the fit is larger than what lies between', () => {
    const ranks = (fitError: number): (number | null)[] => {
      const data = dataWith({ 'turso-replica': [1, 1, 1, 1e5, fitError], postgres: [1.02, 1.02, 1.02, 1e5, fitError] })
      return [TURSO, POSTGRES].map((backend) => of(data, backend, 50e6).rank)
    }
    expect(ranks(0.001)[0]).not.toBe(ranks(0.001)[1])
    expect(ranks(0.03)[0]).toBe(ranks(0.03)[1])
  })

  test.each([
    [0, 0.03],
    [0.03, 0],
  ])('is shared too where only one of the fits is off: %d, %d', (faster, slower) => {
    const data = dataWith({ 'turso-replica': [1, 1, 1, 1e5, faster], postgres: [1.02, 1.02, 1.02, 1e5, slower] })
    expect(of(data, TURSO, 50e6).rank).toBe(of(data, POSTGRES, 50e6).rank)
  })

  test('is kept from whoever has none here', () => {
    const suppressed = inventedComparison({ gaps: false, caveats: 'every' })
    for (const one of standings(chartData(viewOf(suppressed), 0, ''), 0, 20e6))
      expect(one).toMatchObject({ rank: null, ratio: null })
  })
})

test('a ladder at a distance shows of a fitted backend its median and interval only, and at none what was measured', () => {
  const data = dataWith({ 'turso-replica': [2, 1.9, 2.2, 1e5, 0.001] })
  expect(ladderAt(data, 0, 0)).toBe(data.ladder[0])
  const rows = ladderAt(data, 0, 10e6)
  expect(rows.find(({ backend }) => backend === TURSO)).toEqual({
    backend: TURSO,
    p50Ns: 20.1e6,
    p5Ns: 19.1e6,
    p25Ns: null,
    p75Ns: null,
    p99Ns: null,
    last: { p: 0.5, ns: 22.1e6 },
    origin: 'fitted',
  })
  expect(rows.find(({ backend }) => backend === SQLITE)).toMatchObject(
    data.ladder[0]!.find(({ backend }) => backend === SQLITE)!,
  )
  // A scenario without a law.
  expect(ladderAt(data, 5, 10e6)).toBe(data.ladder[5])
  expect(movedText(data, 5, new Set(), 10e6)).toMatch(/^No backend has a law in this scenario/)
})

test('a mean at a distance is as far above the median as it was here', () => {
  const data = dataWith({ 'turso-replica': [2, 1.9, 2.2, 1e5, 0.001] })
  const mean = data.means[0]!.find(({ backend }) => backend === TURSO)!
  const median = data.distance!.medians[0]!.find(({ backend }) => backend === TURSO)!
  const above = mean.meanNs - median.ns
  const moved = meansAt(data, 0, 10e6).find(({ backend }) => backend === TURSO)!
  expect(above).toBeGreaterThan(0)
  expect(moved.meanNs).toBeCloseTo(20.1e6 + above, 3)
  expect(moved.lowNs).toBeCloseTo(19.1e6 + above, 3)
  expect(moved.origin).toBe('fitted')
  expect(meansAt(data, 0, 0)).toEqual(data.means[0]!.map((row) => ({ ...row, origin: 'measured' })))
})

test('the chart shows the chosen scenario, and one of the other kind where there is one with a law', () => {
  const data = chartData(viewOf(comparison), 0, '')
  const laws = data.distance!
  // The invented laws are of two reads.
  expect(drawnScenarios(data, laws, 0)).toEqual([0])
  expect(drawnScenarios(data, laws, 1)).toEqual([1])
  expect(drawnScenarios(data, laws, 7)).toEqual([0])
  const written = {
    ...data,
    scenarios: data.scenarios.map((one, n) => (n === 1 ? { ...one, kind: 'write' as const } : one)),
  }
  expect(drawnScenarios(written, laws, 0)).toEqual([0, 1])
  expect(drawnScenarios(written, laws, 1)).toEqual([1, 0])
})

test('the control has 0, every distance with a name, and steps that grow', () => {
  const steps = rttSteps([0.5, 14, 70])
  expect(steps.slice(0, 3)).toEqual([0, 0.1, 0.13])
  expect(steps).toEqual(expect.arrayContaining([0.5, 14, 20, 70, 300]))
  expect(steps).toEqual([...new Set(steps)].toSorted((a, b) => a - b))
  expect(steps.at(-1)).toBe(300)
})
