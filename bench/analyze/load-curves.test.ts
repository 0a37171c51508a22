import { describe, expect, test } from 'vitest'
import { markdown, renderTerminal } from '../../reports/index.ts'
import { inventedComparison } from '../../reports/testing/fixture.ts'
import type { LoadPoint, MeasuredCell, Round, Run } from '../contract/index.ts'
import { caveatsOf, rowCaveats } from './caveats.ts'
import { compare } from './compare.ts'
import { estimate } from './estimates.ts'
import { kneeOf, loadCurves } from './load-curves.ts'
import { boundsFrom } from './response.ts'

const { run } = inventedComparison({ loads: true, gaps: false, lag: false })
const model = run.cells.find((cell) => cell.outcome === 'measured' && cell.load.kind === 'open') as MeasuredCell

/** A load at which response time has these quantiles; null for too few. */
const point = (ratePerSecond: number, [p50, p95, p99]: readonly (number | null)[], saturated = false): LoadPoint => ({
  ratePerSecond,
  share: null,
  contended: false,
  cell: {
    ...model,
    estimates: {
      ...model.estimates,
      response: {
        ...model.estimates.response!,
        saturated,
        quantiles: [
          { p: 0.5, ns: p50 ?? null, atLeast: false },
          { p: 0.95, ns: p95 ?? null, atLeast: false },
          { p: 0.99, ns: p99 ?? null, atLeast: false },
        ],
      },
    },
  },
})

describe('the knee', () => {
  test('is the first load whose p99 is more than twice that of the lowest', () => {
    const points = [point(1, [1, 5, 10]), point(2, [1, 5, 20]), point(3, [1, 5, 21]), point(4, [9, 9, 90])]
    expect(kneeOf(points)).toEqual({ kind: 'response', ratePerSecond: 3, p: 0.99 })
  })

  test('is saturation where that comes first', () => {
    expect(kneeOf([point(1, [1, 5, 10]), point(2, [1, 5, 12], true), point(3, [9, 9, 90])])).toEqual({
      kind: 'saturation',
      ratePerSecond: 2,
    })
  })

  test('is judged by the highest quantile that every load has enough operations for', () => {
    expect(kneeOf([point(1, [1, 5, null]), point(2, [1, 11, 30])])).toEqual({
      kind: 'response',
      ratePerSecond: 2,
      p: 0.95,
    })
    expect(kneeOf([point(1, [1, null, null]), point(2, [2, 11, 30])])).toEqual({ kind: 'none', p: 0.5 })
  })

  test('is nothing that one load could show', () => {
    expect(kneeOf([point(1, [1, 5, 10], true)])).toBeNull()
  })
})

const ranks = (one: Run): (number | null)[] => compare(one).rankings[0]!.rows.map(({ rank }) => rank)

describe('loads of a run', () => {
  test('are in order, with their share of the closed loop, and without the harness alone', () => {
    const curves = loadCurves(run)
    expect(curves).toHaveLength(2 * 6)
    for (const { points, capacityPerSecond, backend } of curves) {
      expect(backend).not.toBe('null')
      expect(points.map(({ share }) => Number(share!.toFixed(6)))).toEqual([0.1, 0.5, 0.9, 1.2])
      for (const { ratePerSecond, share } of points) expect(ratePerSecond).toBeCloseTo(share! * capacityPerSecond!, 6)
    }
  })

  const openOnly: Run = { ...run, cells: run.cells.filter(({ load }) => load.kind === 'open').filter((_, n) => n < 1) }

  test('a ranking is of one load: the closed loop where there is one, else the only one', () => {
    const { rankings } = compare(run)
    for (const { load, rows, missing } of rankings) {
      expect(load).toEqual({ kind: 'closed', callers: 1 })
      expect(rows.length + missing.length).toBe(6)
      for (const { cell } of [...rows, ...missing]) expect(cell.load).toEqual(load)
    }
    const [only] = compare(openOnly).rankings
    expect(only!.rows.map(({ cell }) => cell)).toEqual(openOnly.cells)
  })

  test('a load is contended when the thread had to wait for a processor in most rounds', () => {
    const [cell] = openOnly.cells as [MeasuredCell]
    const waiting = (rounds: number): Run => ({
      ...openOnly,
      cells: [
        {
          ...cell,
          rounds: cell.rounds.map((round, n) => ({
            ...round,
            witnesses: { ...round.witnesses, runqueueWaitNs: n < rounds ? round.measuredNs * 0.03 : 0 },
          })),
        },
      ],
    })
    const most = Math.floor(cell.rounds.length / 2) + 1
    expect(loadCurves(waiting(most))[0]!.points[0]!.contended).toBe(true)
    expect(loadCurves(waiting(most - 1))[0]!.points[0]!.contended).toBe(false)
  })

  test('a backend that did not keep up has a row and no rank; where none did, nobody has one', () => {
    const level = run.cells.filter(
      (cell): cell is MeasuredCell => cell.outcome === 'measured' && cell.load.kind === 'open',
    )
    const among = (saturated: (n: number) => boolean): Run => {
      const chosen = ['better-sqlite3', 'turso-replica', 'postgres'].map((backend, n): MeasuredCell => {
        const cell = level.find((one) => one.backend === backend && one.scenario === 'point-read')!
        const response = { ...cell.estimates.response!, saturated: saturated(n) }
        return { ...cell, load: model.load, estimates: { ...cell.estimates, response } }
      })
      return { ...run, cells: chosen }
    }
    expect(ranks(among(() => false))).toEqual([1, 2, 3])
    expect(ranks(among((n) => n === 0))).toEqual([null, 1, 2])
    const flooded = among(() => true)
    expect(ranks(flooded)).toEqual([null, null, null])
    for (const text of [
      renderTerminal(compare(flooded), { width: 100, color: false }),
      markdown.render(compare(flooded)),
    ])
      expect(text).toContain('No verdict: no backend kept up with the load.')
  })

  test('CLOSED_LOOP is said of closed loops alone, and SATURATED stands beside figures of the load that it names', () => {
    const swept = caveatsOf(run)
    expect(swept.find(({ id }) => id === 'CLOSED_LOOP')).toEqual({ id: 'CLOSED_LOOP', callers: [1] })
    const saturated = swept.find((caveat) => caveat.id === 'SATURATED')!
    expect(saturated.loads).toHaveLength(2 * 6)
    expect(saturated.loads.every(({ ranked }) => !ranked)).toBe(true)
    expect(rowCaveats(swept, 'postgres', 'point-read')).not.toContain('SATURATED')

    const calm = caveatsOf(openOnly)
    expect(calm.map(({ id }) => id)).not.toContain('CLOSED_LOOP')
    expect(calm.map(({ id }) => id)).not.toContain('SATURATED')
    const [cell] = openOnly.cells as [MeasuredCell]
    const { estimates } = cell
    const flooded = caveatsOf({
      ...openOnly,
      cells: [{ ...cell, estimates: { ...estimates, response: { ...estimates.response!, saturated: true } } }],
    })
    expect(rowCaveats(flooded, cell.backend, cell.scenario)).toContain('SATURATED')
  })
})

/** A round of 1,000 operations, one a microsecond, that all waited alike; the last of them may never have been issued. */
const roundOf = (waitNs: number, unissued: number, saturated: boolean) => {
  const done = 1000 - unissued
  const responseNs = 500 + waitNs
  const round: Round = {
    ...model.rounds[0]!,
    operations: done,
    p50Ns: 500,
    open: {
      ...model.rounds[0]!.open!,
      offered: 1000,
      timetableNs: 1e6,
      endOfRunNs: 1.5e6,
      achievedPerSecond: done * 1000,
      unissued,
      backlog: unissued,
      saturated,
      response: [{ p: 0.5, ns: responseNs, atLeast: false }],
      lateness: [
        { p: 0.5, ns: waitNs / 10 },
        { p: 0.99, ns: null },
        { p: 1, ns: waitNs },
      ],
    },
  }
  const gapNs = new Float64Array(1000).fill(1000)
  const open = { waitNs: new Float64Array(done).fill(waitNs), boundsNs: boundsFrom(gapNs, unissued, 1.5e6) }
  return { round, serviceNs: new Float64Array(done).fill(500), open }
}
const cellOf = (parts: readonly ReturnType<typeof roundOf>[]) =>
  estimate(
    parts.map(({ round }) => round),
    parts.map(({ serviceNs }) => serviceNs),
    parts.map(({ open }) => open),
  )

describe('estimates of an open loop', () => {
  test('hold response time beside service time, pooled and over the rounds', () => {
    const { p50, response } = cellOf(Array.from({ length: 12 }, () => roundOf(100, 0, false)))
    expect(p50.valueNs).toBeCloseTo(500, 6)
    expect(response!.p50!.valueNs).toBeCloseTo(600, 6)
    expect(response!.p50!.lowNs).toBeCloseTo(600, 6)
    expect(response!.quantiles.find(({ p }) => p === 0.99)).toEqual({ p: 0.99, ns: 600, atLeast: false })
    expect(response!.quantiles.find(({ p }) => p === 0.999)).toEqual({ p: 0.999, ns: null, atLeast: false })
    expect(response!.wait.find(({ p }) => p === 0.95)).toEqual({ p: 0.95, ns: 100 })
    expect(response!.offeredPerSecond).toBeCloseTo(1e6, 6)
    expect(response!.lateness).toEqual({ p50Ns: 10, p99Ns: null, maxNs: 100 })
  })

  test('count operations that were never issued as at least what they had waited', () => {
    const { response } = cellOf(Array.from({ length: 12 }, () => roundOf(100, 200, true)))
    expect(response!.unissued).toBe(2400)
    expect(response!.quantiles.find(({ p }) => p === 0.75)).toEqual({ p: 0.75, ns: 600, atLeast: false })
    const p90 = response!.quantiles.find(({ p }) => p === 0.9)!
    expect(p90.atLeast).toBe(true)
    expect(p90.ns).toBeGreaterThanOrEqual(500_000)
    expect(response!.max).toEqual({ p: 1, ns: 699_000, atLeast: true })
    expect(response!.achievedPerSecond).toBeCloseTo(8e5, 6)
  })

  test('call a cell saturated when most of its rounds are, not for one stall at the end of one', () => {
    const [calm, flooded] = [roundOf(100, 0, false), roundOf(100, 900, true)]
    expect(cellOf([calm, calm, flooded]).response!.saturated).toBe(false)
    expect(cellOf([calm, flooded, flooded]).response!.saturated).toBe(true)
  })

  test('are nothing for a closed loop', () => {
    const { round, serviceNs } = roundOf(0, 0, false)
    expect(estimate([{ ...round, open: null }], [serviceNs]).response).toBeNull()
  })
})
