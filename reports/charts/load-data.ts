import type { LoadCurve, LoadPoint } from '../../bench/contract/index.ts'

/** Response time by the rate that was achieved, for the backends of one scenario. */
export interface LoadChart {
  /** The highest of the usual percentiles that half of the loads of every backend have enough operations for; null for none. */
  readonly p: number | null
  readonly curves: readonly {
    readonly backend: number
    /** By the rate that was offered, ascending; without those that have too few operations. */
    readonly points: readonly LoadMark[]
  }[]
}

export interface LoadMark {
  readonly offeredPerSecond: number
  readonly achievedPerSecond: number
  /** Of what one caller gets in a closed loop; null where there was none. */
  readonly share: number | null
  readonly ns: number
  /** The percentile falls among operations that were never issued. */
  readonly atLeast: boolean
  readonly saturated: boolean
  readonly contended: boolean
  /** At the knee: the percentile by which it was found, or null where the load was not sustained. Absent elsewhere. */
  readonly knee?: number | null
}

const PERCENTILES = [0.99, 0.95, 0.9, 0.5] as const

export function loadChart(curves: readonly LoadCurve[], placeOf: (backend: string) => number): LoadChart {
  const isSaid = (one: number): boolean =>
    curves.every(({ points }) => points.filter((point) => said(point, one) !== null).length * 2 >= points.length)
  const p = curves.length === 0 ? null : (PERCENTILES.find(isSaid) ?? null)
  if (p === null) return { p, curves: [] }
  return {
    p,
    curves: curves.map(({ backend, points, knee }) => ({
      backend: placeOf(backend),
      points: points.flatMap((point): LoadMark[] => {
        const { ratePerSecond, share, contended, cell } = point
        const { response } = cell.estimates
        const found = said(point, p)
        if (response === null || found === null) return []
        return [
          {
            offeredPerSecond: short(response.offeredPerSecond),
            achievedPerSecond: short(response.achievedPerSecond),
            share: share === null ? null : short(share),
            ns: short(found.ns),
            atLeast: found.atLeast,
            saturated: response.saturated,
            contended,
            ...(knee === null || knee.kind === 'none' || knee.ratePerSecond !== ratePerSecond
              ? {}
              : { knee: knee.kind === 'response' ? knee.p : null }),
          },
        ]
      }),
    })),
  }
}

/** Nothing can be drawn at zero on a logarithmic axis. */
function said({ cell }: LoadPoint, p: number): { ns: number; atLeast: boolean } | null {
  const { response } = cell.estimates
  const found = response?.quantiles.find((one) => one.p === p)
  if (found === undefined || found.ns === null || found.ns <= 0 || response!.achievedPerSecond <= 0) return null
  return { ns: found.ns, atLeast: found.atLeast }
}

const short = (value: number): number => Number(value.toPrecision(6))
