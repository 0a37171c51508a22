import type { HistorySeries } from '../../bench/contract/index.ts'
import type { View } from '../view.ts'
import { placeOf } from '../view.ts'

/** Each backend over the stored runs, as the change from where it began. */
export interface TrendData {
  /** A run each: its commit where it is known, else its day. */
  readonly runs: readonly { readonly label: string; readonly id: string }[]
  /** Name of the backend that the others are held against; null: each p50 stands for itself. */
  readonly reference: string | null
  /** A list a scenario. */
  readonly series: readonly (readonly TrendSeries[])[]
}

export interface TrendSeries {
  readonly backend: number
  /** Fractions of the first stretch: 0.05 is 5 % slower. */
  readonly points: readonly TrendPoint[]
  /** Runs from which on it was another. */
  readonly changes: readonly number[]
}

/** A tuple, for a page holds many of them. */
type TrendPoint = readonly [run: number, value: number, low: number | null, high: number | null]

/** A page has room for so many points of a trend, of all scenarios together. */
const MOST_POINTS = 1500
const FEWEST_RUNS = 8

/** How many of the newest runs a page draws: all, unless they are many. */
export function runsDrawn(view: View): number {
  const { runs = [], series = [] } = view.history ?? {}
  return Math.min(runs.length, Math.max(FEWEST_RUNS, Math.floor(MOST_POINTS / Math.max(1, series.length))))
}

export function trendData(view: View): TrendData | null {
  const { history } = view
  if (history === null || history.runs.length < 2) return null
  const { reference } = history
  const held = reference !== null && history.series.some(({ points }) => points.some(({ ratio }) => ratio !== null))
  const first = history.runs.length - runsDrawn(view)
  return {
    runs: history.runs.slice(first).map(({ id, startedAt, commit }) => ({
      id,
      label: commit?.slice(0, 7) ?? startedAt.slice(0, 10),
    })),
    reference: held ? view.name(reference) : null,
    series: view.scenarios.map(({ id }) =>
      history.series
        .filter(({ scenario }) => scenario === id)
        .map((one) => trendOf(view, one, held, first))
        .filter(({ backend, points }) => backend !== -1 && points.length > 0),
    ),
  }
}

/** @param first the oldest run that is drawn */
function trendOf(view: View, { backend, points, changes }: HistorySeries, held: boolean, first: number): TrendSeries {
  const values = points.flatMap(({ run, p50, ratio }) => {
    if (run < first) return []
    if (!held) return [{ run, value: p50.valueNs, low: p50.lowNs, high: p50.highNs }]
    return ratio === null ? [] : [{ run, ...ratio }]
  })
  const turns = changes.map(({ run }) => run).filter((run) => run > first)
  const from = middle(values.filter(({ run }) => run < (turns[0] ?? Infinity)).map(({ value }) => value))
  const part = (value: number): number => Number((value / from - 1).toFixed(4))
  return {
    backend: placeOf(view, backend),
    points: values.map(({ run, value, low, high }) => [
      run - first,
      part(value),
      low === null ? null : part(low),
      high === null ? null : part(high),
    ]),
    changes: turns.map((run) => run - first),
  }
}

function middle(values: readonly number[]): number {
  const ordered = values.toSorted((a, b) => a - b)
  return ordered[Math.floor(ordered.length / 2)] ?? 1
}
