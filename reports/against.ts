import type { RankedRow, Ranking } from '../bench/contract/index.ts'
import { duration, plural, ratio } from './format.ts'
import type { Sentence } from './sentence.ts'
import { strong } from './sentence.ts'
import { interval, isBest, peers } from './standing.ts'
import type { View } from './view.ts'
import { quantile } from './view.ts'

/** What a reader who liked the first sentence has to know. */
export function against(view: View, lead: Ranking, winner: RankedRow): Sentence {
  const name = view.name(winner.backend.id)
  const others = view.rankings.filter((ranking) => ranking !== lead)
  if (peers(lead).filter(isBest).length > 1) return beyondTie(others)
  const lost = others
    .map((ranking) => ({ ranking, row: peers(ranking).find((row) => row.backend.id === winner.backend.id) }))
    .filter((entry): entry is { ranking: Ranking; row: RankedRow } => entry.row !== undefined && !isBest(entry.row))
    .toSorted((a, b) => b.row.ratio.value - a.row.ratio.value)
  const [worst] = lost
  if (worst !== undefined) {
    const faster = peers(worst.ranking)[0]!
    const more = lost.length - 1
    return [
      `${name} does not win everywhere: in “${worst.ranking.scenario.title}” ${view.name(faster.backend.id)} is faster and ${name} takes `,
      strong(ratio(worst.row.ratio.value)),
      ` as long (${interval(worst.row)})${more > 0 ? `, and it is behind in ${plural(more, 'more scenario')}` : ''}.`,
    ]
  }
  return shrinking(view, lead, winner, others) ?? tail(view, lead, winner)
}

/** After a tie there is no lead to speak against; other scenarios may still tell the backends apart. */
function beyondTie(others: readonly Ranking[]): Sentence {
  const contested = others.filter((ranking) => peers(ranking).length > 1)
  const apart = contested.filter((ranking) => !isBest(peers(ranking)[1]!))
  if (contested.length === 0) return ['No other scenario could tell them apart.']
  if (apart.length === 0)
    return [`In ${plural(contested.length, 'other scenario')} the fastest cannot be told apart either.`]
  return [
    `In ${apart.length} of ${plural(contested.length, 'other scenario')} one backend is faster than all others; the matrix says where.`,
  ]
}

/** Where the winner leads least over whoever comes next. */
function shrinking(view: View, lead: Ranking, winner: RankedRow, others: readonly Ranking[]): Sentence | null {
  const margins = others
    .map((ranking) => ({ ranking, row: peers(ranking).find((row) => row.backend.id !== winner.backend.id) }))
    .filter((entry): entry is { ranking: Ranking; row: RankedRow } => entry.row !== undefined)
    .filter(({ ranking }) => peers(ranking).some((row) => row.backend.id === winner.backend.id))
    .toSorted((a, b) => a.row.ratio.value - b.row.ratio.value)
  const [least] = margins
  const margin = peers(lead).find((row) => row.backend.id !== winner.backend.id)
  if (least === undefined || margin === undefined) return null
  const title = `“${least.ranking.scenario.title}”`
  const rival = view.name(least.row.backend.id)
  if (isBest(least.row))
    return [`The lead is not general: in ${title} there is `, strong('no detectable difference'), ` to ${rival}.`]
  const shrinks = least.row.ratio.value < margin.ratio.value
  return [
    shrinks ? `The lead shrinks to ` : `The lead is least here; in ${title}, the next smallest, it is `,
    strong(ratio(least.row.ratio.value)),
    shrinks
      ? ` (${interval(least.row)}) in ${title}, ahead of ${rival}.`
      : ` (${interval(least.row)}), ahead of ${rival}.`,
  ]
}

/** With one scenario only, the tail is what can still speak against the winner. */
function tail(view: View, lead: Ranking, winner: RankedRow): Sentence {
  const own = quantile(winner.cell, 0.99)
  const rivals = peers(lead)
    .filter((row) => row !== winner)
    .map((row) => ({ row, p99: quantile(row.cell, 0.99) }))
    .filter((entry): entry is { row: RankedRow; p99: number } => entry.p99 !== null)
    .toSorted((a, b) => a.p99 - b.p99)
  const name = view.name(winner.backend.id)
  const [best] = rivals
  if (own === null || best === undefined) {
    return [
      'Nothing else was measured that could confirm or contradict this: it holds for this scenario and this machine.',
    ]
  }
  if (best.p99 < own) {
    return [
      `The tail says otherwise: 1 operation in 100 takes longer than `,
      strong(duration(own)),
      ` on ${name} and than `,
      strong(duration(best.p99)),
      ` on ${view.name(best.row.backend.id)}.`,
    ]
  }
  const atTail = best.p99 / own
  const how = atTail < best.row.ratio.value ? 'shrinks to' : 'is'
  return [
    `At p99 (${duration(own)}) the lead of ${name} over ${view.name(best.row.backend.id)} ${how} `,
    strong(ratio(atTail)),
    ', without an interval.',
  ]
}
