import type { RankedRow, Ranking } from '../bench/contract/index.ts'
import { ratioInterval } from './format.ts'
import type { View } from './view.ts'
import { durabilityOf } from './view.ts'

/** The point read if it was measured, else the first read, else the first scenario. */
export function leadRanking(view: View): Ranking | null {
  const ranked = view.rankings.filter((ranking) => peers(ranking).length > 0)
  return (
    ranked.find((ranking) => ranking.scenario.id === 'point-read') ??
    ranked.find((ranking) => ranking.scenario.kind === 'read') ??
    ranked[0] ??
    null
  )
}

/** Place of that scenario in the run: what a page shows first and what figures show. */
export function leadPlace(view: View): number {
  const lead = leadRanking(view)
  return Math.max(
    0,
    view.scenarios.findIndex(({ id }) => id === lead?.scenario.id),
  )
}

/** Rows that may be compared: those of the first row's durability class. */
export function peers(ranking: Ranking): readonly RankedRow[] {
  return ranking.rows.filter((row) => row.rank !== null)
}

/** Whether a row is fastest, alone or with others. */
export function isBest(row: RankedRow): boolean {
  return row.rank === 1
}

/** The interval of a row's ratio, for running text. */
export function interval(row: RankedRow): string {
  const { low, high } = row.ratio
  return low === null || high === null ? ratioInterval(null, null) : `95 % interval ${ratioInterval(low, high)}`
}

/** Why a row has no rank. */
export function unranked({ cell }: RankedRow): string {
  return cell.estimates.response?.saturated === true ? 'saturated' : (durabilityOf(cell) ?? 'undeclared')
}
