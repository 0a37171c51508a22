import { describe, expect, test } from 'vitest'
import { bracketOf, staleAfter } from '../../bench/analyze/lag.ts'
import type { Comparison, MeasuredCell, RoundTimeline } from '../../bench/contract/index.ts'
import { seededRandom } from '../../bench/contract/index.ts'
import { duration } from '../format.ts'
import { inventedComparison } from '../testing/fixture.ts'
import type { Shape } from '../testing/shape.ts'
import { viewOf } from '../view.ts'
import type { ChartData } from './data.ts'
import { chartData } from './data.ts'
import type { Drawing } from './drawing.ts'
import { facets } from './facets.ts'
import { charts } from './index.ts'
import { visibleBy } from './lag-share.ts'
import { marksOf, overTimeRow } from './over-time-data.ts'
import { beyondLast } from './tail-data.ts'
import { coloursOf, LIGHT } from './themes.ts'

const dataOf = (comparison: Comparison): ChartData => chartData(viewOf(comparison), 0, '')
function draw(id: string, comparison: Comparison, scenario = 0, narrow = false): Drawing {
  const data = dataOf(comparison)
  return charts[id]!(data, {
    scenario,
    shown: new Set(data.backends.keys()),
    colours: coloursOf(LIGHT),
    narrow,
  })
}
const firstCell = (comparison: Comparison): MeasuredCell =>
  comparison.run.cells.find((cell): cell is MeasuredCell => cell.outcome === 'measured')!

const SHAPES: readonly Partial<Shape>[] = [
  {},
  { loads: true },
  { backends: 1, scenarios: 1, rounds: 1, operations: 1, lag: true, withNull: false, gaps: false },
  { backends: 12, scenarios: 2, loads: true },
  { failed: true, lag: false },
  { backends: 0, scenarios: 0, gaps: false, lag: false },
  { sources: 3 },
  { rounds: 40 },
]

describe.each(SHAPES)('every chart of %j', (shape) => {
  const comparison = inventedComparison(shape)

  test.each(Object.keys(charts))('%s has a place and words for each of its points', (id) => {
    for (const narrow of [false, true]) {
      for (const scenario of comparison.run.scenarios.keys()) {
        const { configuration, points, summary, isEmpty, height } = draw(id, comparison, scenario, narrow)
        expect(height).toBeGreaterThan(0)
        if (isEmpty) continue
        expect(summary).not.toMatch(/NaN|Infinity|undefined|\[object/)
        const places = configuration.data.datasets.flatMap(({ data }) => data as { x: number; y: number }[])
        for (const { x, y } of places)
          expect(Number.isFinite(x) && Number.isFinite(y), JSON.stringify([x, y])).toBe(true)
        for (const { dataset, index, text } of points) {
          expect(configuration.data.datasets[dataset]!.data[index]).toBeDefined()
          expect(text).not.toMatch(/NaN|Infinity|undefined|\[object/)
        }
      }
    }
  })
})

test('a tail says percentiles as far as it may, then counts, and ends at 1 - 1/n with the longest', () => {
  const comparison = inventedComparison({ backends: 1, scenarios: 1 })
  const cell = firstCell(comparison)
  const { operations, maxNs, quantiles } = cell.estimates
  const last = quantiles.findLast(({ ns }) => ns !== null)!
  const beyond = beyondLast(cell, { p: last.p, ns: last.ns! })
  expect(beyond.at(-1)).toEqual([1, Number(maxNs.toPrecision(6))])
  for (const [n, [longer, ns]] of beyond.entries()) {
    expect(ns).toBeGreaterThan(beyond[n - 1]?.[1] ?? last.ns!)
    expect(longer).toBeLessThan(beyond[n - 1]?.[0] ?? (1 - last.p) * operations)
  }
  const { configuration, points } = draw('tail', comparison)
  const [curve] = configuration.data.datasets as unknown as [
    { data: { x: number }[]; segment: { borderDash: (at: { p1DataIndex: number }) => number[] | undefined } },
  ]
  expect(curve.data.at(-1)!.x).toBeCloseTo(Math.log10(operations), 10)
  const said = quantiles.filter(({ ns }) => ns !== null).length
  expect(curve.segment.borderDash({ p1DataIndex: said - 1 })).toBeUndefined()
  expect(curve.segment.borderDash({ p1DataIndex: said })).toBeDefined()
  for (const { text, index } of points) expect(/ p\d/.test(text)).toBe(index < said)
})

describe('load', () => {
  const comparison = inventedComparison({ loads: true })
  const { configuration, points } = draw('load', comparison)

  test('crosses what was not sustained, leaves hollow what was contended, and names the knee', () => {
    const [first] = comparison.loads
    const [dataset] = configuration.data.datasets as unknown as [
      { pointStyle: string[]; pointBackgroundColor: string[] },
    ]
    for (const [n, { cell, contended, ratePerSecond }] of first!.points.entries()) {
      const { response } = cell.estimates
      expect(dataset.pointStyle[n] === 'crossRot').toBe(response!.saturated)
      expect(dataset.pointBackgroundColor[n] === coloursOf(LIGHT).card).toBe(contended)
      const { text } = points[n]!
      expect(text.includes('not sustained')).toBe(response!.saturated)
      expect(text.includes('contended')).toBe(contended)
      const knee = first!.knee!
      expect(text.includes('knee')).toBe(knee.kind !== 'none' && knee.ratePerSecond === ratePerSecond)
    }
  })

  test('shows one percentile for all, the highest that each load has, and says where it is a lower bound', () => {
    const { load } = dataOf(comparison)
    const { p } = load[0]!
    for (const { points: own } of comparison.loads.filter(
      ({ scenario }) => scenario === comparison.run.scenarios[0]!.id,
    ))
      for (const { cell } of own) {
        const { quantiles } = cell.estimates.response!
        const found = quantiles.find((one) => one.p === p)!
        expect(found.ns).not.toBeNull()
        const words = `p${p! * 100} of response time ${found.atLeast ? 'at least ' : ''}${duration(found.ns)}`
        expect(
          points.some(({ text }) => text.includes(words)),
          words,
        ).toBe(true)
      }
    expect(p).toBe(0.95)
  })
})

const slices = (counts: number[]): RoundTimeline => ({
  repetition: 0,
  sliceNs: 10,
  slices: counts.map((count) => ({ firstBin: 3, counts: count === 0 ? [] : [count] })),
})

const slow = (index: number, cause: 'gc' | 'runqueue' | 'unexplained') => ({
  index,
  cause,
  offsetNs: 0,
  durationNs: 1,
})

describe('over time', () => {
  const withWorst = (worst: MeasuredCell['rounds'][number]['slow']['worst'], timeline: RoundTimeline): MeasuredCell => {
    const cell = firstCell(inventedComparison({ backends: 1, scenarios: 1, rounds: 1 }))
    const [round] = cell.rounds
    return {
      ...cell,
      rounds: [{ ...round!, slow: { ...round!.slow, worst } }],
      estimates: { ...cell.estimates, timeline: [timeline] },
    }
  }
  test('marks the slice in which a slow operation with a known cause began', () => {
    const timeline = slices([5, 0, 3, 2])
    const cell = withWorst([slow(4, 'gc'), slow(5, 'runqueue'), slow(7, 'gc'), slow(9, 'unexplained')], timeline)
    expect(marksOf(cell, timeline)).toEqual([1, 0, 3, 0])
  })

  test('says in how many slices something is known to have happened, for a full strip says nothing by itself', () => {
    const cell = withWorst([slow(4, 'gc'), slow(5, 'runqueue'), slow(7, 'gc')], slices([5, 0, 3, 2]))
    const invented = inventedComparison({ backends: 1, scenarios: 1, rounds: 1, withNull: false, loads: false })
    const run = { ...invented.run, cells: [cell] }
    expect(draw('over-time', { ...invented, run, rankings: [] }).summary).toContain(
      '(slices with G in 2 of 4, P in 1 of 4)',
    )
    expect(draw('over-time', invented).summary).not.toContain('slices with')
  })

  test('says for each slice what was there, and leaves out those in which nothing began', () => {
    const { points } = draw('over-time', inventedComparison({ backends: 1, scenarios: 1, rounds: 12 }))
    expect(points).toHaveLength(23)
    expect(points[0]!.text).toContain('round 1, 1st of 2 slices')
    expect(points.some(({ text }) => text.includes('round 1, 2nd of 2'))).toBe(false)
    expect(points.at(-1)!.text).toContain('round 12, 2nd of 2')
  })

  test('rounds are apart, and a merged run tells where another run begins', () => {
    const { configuration } = draw('over-time', inventedComparison({ backends: 1, scenarios: 1, rounds: 6 }))
    const xs = (configuration.data.datasets[0]!.data as { x: number }[]).map(({ x }) => x)
    // Four slices a round, of which the second of the first round is empty.
    const steps = xs.slice(3).map((x, n) => [x - xs[n + 2]!, n % 4 === 0] as const)
    const within = steps.find(([, isBetween]) => !isBetween)![0]
    for (const [step, isBetween] of steps)
      if (isBetween) expect(step).toBeGreaterThan(within * 1.3)
      else expect(step).toBeCloseTo(within, 10)
    const { run } = inventedComparison({ backends: 1, scenarios: 1, rounds: 6 })
    const [cell] = run.cells as [MeasuredCell]
    const sources = [0, 2, 5].map((first, n) => ({ repetitions: { first, end: [2, 5, 6][n]! } }))
    expect(overTimeRow(0, cell, { ...run, sources } as unknown as typeof run)!.others).toEqual([2, 5])
    expect(overTimeRow(0, cell, run)!.others).toEqual([])
  })

  test('a run from before it was kept has no row', () => {
    const { run } = inventedComparison({ backends: 1, scenarios: 1 })
    const cell = firstCell({ run } as Comparison)
    expect(overTimeRow(0, { ...cell, estimates: { ...cell.estimates, timeline: null } }, run)).toBeNull()
  })
})

test('what is visible by a time is what is not stale by then', () => {
  const random = seededRandom('visible')
  const markers = Array.from({ length: 200 }, (_, n) => {
    const writeAckNs = 1000 + random.integer(1000)
    const lastMissStartNs = n % 9 === 0 ? null : random.integer(5000)
    const firstSightEndNs = n % 50 === 49 ? null : (lastMissStartNs ?? 0) + 1 + random.integer(3000)
    return { writeStartNs: 0, writeAckNs, lastMissStartNs, firstSightEndNs }
  })
  const brackets = markers.map(bracketOf).filter((one) => one !== null)
  const ends = markers.map((marker) => {
    const bracket = bracketOf(marker)
    return {
      sentNs: 0,
      lowerNs: marker.lastMissStartNs === null ? null : (bracket?.ackToVisible.lowerNs ?? 9000),
      upperNs: bracket?.ackToVisible.upperNs ?? null,
    }
  })
  for (const { tNs, low, high } of staleAfter(
    brackets.map(({ ackToVisible }) => ackToVisible),
    markers.length - brackets.length,
  )) {
    const visible = visibleBy(ends, tNs)
    expect(visible.low).toBeCloseTo(1 - high, 10)
    expect(visible.high).toBeCloseTo(1 - low, 10)
  }
})

test('a marker is a dot only where both of its ends are known', () => {
  const { configuration, points } = draw('lag-timeline', inventedComparison())
  const [dots] = configuration.data.datasets as unknown as [{ pointStyle: string[]; pointRotation: number[] }]
  for (const [n, { text }] of points.entries()) {
    const kind = text.includes('not seen in time') ? 'above' : /at most|before the write/.test(text) ? 'below' : 'both'
    expect([dots.pointStyle[n], dots.pointRotation[n]], text).toEqual(
      { above: ['triangle', 0], below: ['triangle', 180], both: ['circle', 0] }[kind],
    )
  }
  expect(new Set(dots.pointStyle).size).toBe(2)
})

test.each([
  [30e6, 80e6],
  [1e3, 1e9],
  [900, 1100],
  [2e6, 14e6],
])('labels of a row from %d to %d ns do not touch one another', (lowNs, highNs) => {
  const { y, place } = facets([{ name: 'a', lowNs, highNs }], coloursOf(LIGHT))
  const axis = { ticks: [] as { value: number }[] }
  ;(y.afterBuildTicks as unknown as (axis: object) => void)(axis)
  const values = axis.ticks.map(({ value }) => value).toSorted((a, b) => a - b)
  expect(values.length).toBeGreaterThan(1)
  // A row takes 138 pixels, and a label 15 of them.
  for (const [n, value] of values.slice(1).entries()) expect((value - values[n]!) * 138).toBeGreaterThan(14.9)
  expect(values.at(-1)).toBeLessThanOrEqual(place(0, lowNs))
})
