import type { MeasuredCell, ScenarioKind } from '../../bench/contract/index.ts'
import type { View } from '../view.ts'
import { placeOf } from '../view.ts'
import type { DistributionRow } from './distribution-data.ts'
import { distributionRow } from './distribution-data.ts'
import type { LagRow } from './lag-data.ts'
import { lagRows } from './lag-data.ts'
import type { LoadChart } from './load-data.ts'
import { loadChart } from './load-data.ts'
import type { Origin } from './at-distance.ts'
import type { DistanceData } from './distance-data.ts'
import { distanceData } from './distance-data.ts'
import { finest } from './finest.ts'
import type { Look } from './looks.ts'
import { lookAt } from './looks.ts'
import type { MeanRow } from './page-data.ts'
import { pageMeans } from './page-data.ts'
import type { TrendData } from './trend-data.ts'
import { trendData } from './trend-data.ts'
import type { OverTimeRow } from './over-time-data.ts'
import { overTimeRow } from './over-time-data.ts'
import type { Curve } from './tail-data.ts'
import { beyondLast } from './tail-data.ts'

/** What the page's script draws from, as plain data. Backends are named by their place. */
export interface ChartData {
  readonly run: string
  readonly scenarios: readonly {
    readonly id: string
    readonly title: string
    readonly kind: ScenarioKind
  }[]
  readonly backends: readonly { readonly id: string; readonly name: string; readonly look: Look }[]
  /** Index of the scenario that is shown first. */
  readonly first: number
  /** A list a scenario, fastest first. */
  readonly ladder: readonly (readonly LadderRow[])[]
  /** p50 of the harness alone, a scenario. */
  readonly zero: readonly (number | null)[]
  readonly tail: readonly (readonly Curve[])[]
  readonly distribution: readonly (readonly DistributionRow[])[]
  readonly load: readonly LoadChart[]
  readonly overTime: readonly (readonly OverTimeRow[])[]
  readonly lag: readonly LagRow[]
  readonly stale: readonly StaleBand[]
  /** Mean of an operation, a list a scenario, fastest first. */
  readonly means: readonly (readonly MeanRow[])[]
  /** Null where no distance was swept. */
  readonly distance: DistanceData | null
  /** Null where no other runs were named. */
  readonly trend: TrendData | null
  readonly markdown: string
}

export interface LadderRow {
  readonly backend: number
  readonly p50Ns: number
  readonly p5Ns: number | null
  readonly p25Ns: number | null
  readonly p75Ns: number | null
  readonly p99Ns: number | null
  /** The last percentile that there are enough operations for, and where it lies. */
  readonly last: { readonly p: number; readonly ns: number } | null
  /** Absent: measured. The line is then the interval of a fitted p50. */
  readonly origin?: Origin
}

export interface StaleBand {
  readonly backend: number
  readonly points: readonly { readonly tNs: number; readonly low: number; readonly high: number }[]
}

export function chartData(view: View, first: number, markdown: string): ChartData {
  const cellsOf = (scenario: string): MeasuredCell[] =>
    view.backends
      .map((backend) => view.measured(backend.id, scenario))
      .filter((cell) => cell !== null)
      .toSorted((a, b) => a.estimates.p50.valueNs - b.estimates.p50.valueNs)
  const [zero] = view.nulls
  return {
    run: view.run.id,
    scenarios: view.scenarios.map(({ id, title, kind }) => ({ id, title, kind })),
    backends: view.backends.map(({ id }, place) => ({ id, name: view.short(id), look: lookAt(place) })),
    first,
    ladder: view.scenarios.map(({ id }) => cellsOf(id).map((cell) => ladderRow(view, cell))),
    zero: view.scenarios.map(({ id }) =>
      zero === undefined ? null : finest(view.measured(zero.id, id)?.estimates.p50.valueNs ?? null),
    ),
    tail: view.scenarios.map(({ id }) => cellsOf(id).map((cell) => tailCurve(view, cell))),
    distribution: view.scenarios.map(({ id }) =>
      cellsOf(id).map((cell) => distributionRow(placeOf(view, cell.backend), cell)),
    ),
    load: view.scenarios.map(({ id }) =>
      loadChart(
        view.loads.filter((curve) => curve.scenario === id),
        (backend) => placeOf(view, backend),
      ),
    ),
    overTime: view.scenarios.map(({ id }) =>
      cellsOf(id)
        .map((cell) => overTimeRow(placeOf(view, cell.backend), cell, view.run))
        .filter((row) => row !== null),
    ),
    lag: view.run.lag.flatMap((cell) => {
      const place = placeOf(view, cell.backend)
      return cell.outcome === 'measured' && place !== -1 ? lagRows(place, cell) : []
    }),
    stale: view.run.lag
      .filter((cell) => cell.outcome === 'measured')
      .map((cell) => ({ backend: placeOf(view, cell.backend), points: cell.staleAfter }))
      .filter((band) => band.backend !== -1 && band.points.length > 0),
    means: pageMeans(view),
    distance: distanceData(view),
    trend: trendData(view),
    markdown,
  }
}

/** Where the line of the ladder ends, at most. */
const LADDER_END = 0.999

function ladderRow(view: View, cell: MeasuredCell): LadderRow {
  const points = known(cell)
  const at = (p: number): number | null => points.find((point) => point.p === p)?.ns ?? null
  return {
    backend: placeOf(view, cell.backend),
    p50Ns: finest(cell.estimates.p50.valueNs)!,
    p5Ns: at(0.05),
    p25Ns: at(0.25),
    p75Ns: at(0.75),
    p99Ns: at(0.99),
    last: points.findLast(({ p }) => p > 0.5 && p <= LADDER_END) ?? null,
  }
}

function tailCurve(view: View, cell: MeasuredCell): Curve {
  const points = known(cell)
  const last = points.at(-1)
  return {
    backend: placeOf(view, cell.backend),
    operations: cell.estimates.operations,
    points: points.map(({ p, ns }) => [p, ns]),
    beyond: last === undefined ? [] : beyondLast(cell, last),
  }
}

/** Quantiles that could be said, ascending; a logarithmic axis has no place for zero. */
function known(cell: MeasuredCell): { p: number; ns: number }[] {
  return cell.estimates.quantiles
    .filter((quantile): quantile is { p: number; ns: number } => quantile.ns !== null && quantile.ns > 0)
    .map(({ p, ns }) => ({ p, ns: finest(ns)! }))
    .toSorted((a, b) => a.p - b.p)
}
