import type { Knee, LoadCurve, LoadPoint, MeasuredCell, Run } from '../contract/index.ts'
import { isContended } from './caveats.ts'

/** A response time of more than so many times the one at the lowest load is past the knee. */
const KNEE_FACTOR = 2

/** Watched for the knee: the first of these that every load has enough operations for. */
const WATCHED = [0.99, 0.95, 0.9, 0.5] as const

/** Every backend and scenario that was measured in an open loop, with its loads in order. */
export function loadCurves(run: Run): LoadCurve[] {
  const measured = run.cells.filter((cell): cell is MeasuredCell => cell.outcome === 'measured')
  const databases = run.backends.filter(({ traits }) => !traits.includes('null'))
  return run.scenarios.flatMap(({ id: scenario }) =>
    databases.flatMap(({ id: backend }) => {
      const cells = measured.filter((cell) => cell.backend === backend && cell.scenario === scenario)
      const closed = cells.find(({ load }) => load.kind === 'closed')
      const capacityPerSecond = closed?.estimates.operationsPerSecond ?? null
      const points = cells
        .flatMap((cell): LoadPoint[] => {
          if (cell.load.kind !== 'open') return []
          const { ratePerSecond } = cell.load
          const share = capacityPerSecond === null ? null : ratePerSecond / capacityPerSecond
          const contended = cell.rounds.filter(isContended).length > cell.rounds.length / 2
          return [{ ratePerSecond, share, contended, cell }]
        })
        .toSorted((a, b) => a.ratePerSecond - b.ratePerSecond)
      return points.length === 0 ? [] : [{ backend, scenario, capacityPerSecond, points, knee: kneeOf(points) }]
    }),
  )
}

/**
 * The first load that is saturated, or at which a high quantile of response time is more than twice what it is at the lowest
 * load. A quantile that is a lower bound may prove that it is, and proves nothing else.
 */
export function kneeOf(points: readonly LoadPoint[]): Knee | null {
  const [lowest] = points
  if (lowest === undefined || points.length < 2) return null
  const p = WATCHED.find((one) => points.every((point) => responseAt(point, one) !== null)) ?? 0.5
  const restNs = responseAt(lowest, p)
  for (const point of points) {
    const { ratePerSecond } = point
    if (point.cell.estimates.response?.saturated === true) return { kind: 'saturation', ratePerSecond }
    const ns = responseAt(point, p)
    if (ns !== null && restNs !== null && ns > KNEE_FACTOR * restNs) return { kind: 'response', ratePerSecond, p }
  }
  return { kind: 'none', p }
}

const responseAt = ({ cell }: LoadPoint, p: number): number | null =>
  cell.estimates.response?.quantiles.find((quantile) => quantile.p === p)?.ns ?? null
