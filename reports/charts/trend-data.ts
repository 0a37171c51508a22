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
  readonly points: readonly {
    readonly run: number
    readonly value: number
    readonly low: number | null
    readonly high: number | null
  }[]
  /** Runs from which on it was another. */
  readonly changes: readonly number[]
}

export function trendData(view: View): TrendData | null {
  const { history } = view
  if (history === null || history.runs.length < 2) return null
  const { reference } = history
  const held = reference !== null && history.series.some(({ points }) => points.some(({ ratio }) => ratio !== null))
  return {
    runs: history.runs.map(({ id, startedAt, commit }) => ({
      id,
      label: commit?.slice(0, 7) ?? startedAt.slice(0, 10),
    })),
    reference: held ? view.name(reference) : null,
    series: view.scenarios.map(({ id }) =>
      history.series
        .filter(({ scenario }) => scenario === id)
        .map((one) => trendOf(view, one, held))
        .filter(({ backend, points }) => backend !== -1 && points.length > 0),
    ),
  }
}

function trendOf(view: View, { backend, points, changes }: HistorySeries, held: boolean): TrendSeries {
  const values = points.flatMap(({ run, p50, ratio }) => {
    if (!held) return [{ run, value: p50.valueNs, low: p50.lowNs, high: p50.highNs }]
    return ratio === null ? [] : [{ run, ...ratio }]
  })
  const end = changes[0]?.run ?? Infinity
  const from = middle(values.filter(({ run }) => run < end).map(({ value }) => value))
  const part = (value: number | null): number | null =>
    value === null ? null : Number((value / from - 1).toPrecision(5))
  return {
    backend: placeOf(view, backend),
    points: values.map(({ run, value, low, high }) => ({ run, value: part(value)!, low: part(low), high: part(high) })),
    changes: changes.map(({ run }) => run),
  }
}

function middle(values: readonly number[]): number {
  const ordered = values.toSorted((a, b) => a - b)
  return ordered[Math.floor(ordered.length / 2)] ?? 1
}
