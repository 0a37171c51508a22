import type { Bracket, K6Study, RankedRow, Ranking } from '../bench/contract/index.ts'
import { against } from './against.ts'
import { EMULATOR_NAMES } from './caveats.ts'
import { AT_ONCE, MISSING, bracketEnds, bracketed, duration, list, plural, ratio } from './format.ts'
import { answeredByHttp } from './k6.ts'
import type { MeasuredLag } from './lag-tables.ts'
import { slowestLag, watchedBy } from './lag-tables.ts'
import type { Sentence } from './sentence.ts'
import { strong } from './sentence.ts'
import { interval, isBest, leadRanking, peers } from './standing.ts'
import type { View } from './view.ts'

/** Two to four sentences that follow from the numbers alone: the lead, what speaks against it, distance, lag. */
export function verdict(view: View): readonly Sentence[] {
  if (view.suppressed) {
    return [
      [strong('No verdict: the backends do not give the same answers.')],
      ['Whoever computes something else cannot be compared for speed; the caveats name who differs.'],
    ]
  }
  const lead = leadRanking(view)
  // A run of lag alone has nothing to rank, and something to say.
  if (view.run.cells.length === 0 && slowestLag(view) !== null) return lags(view)
  if (view.run.cells.length === 0 && view.run.k6 !== null) return throughHttp(view.run.k6)
  if (lead === null) return nothing(view)
  const first = peers(lead)[0]!
  return [leadSentence(view, lead), against(view, lead, first), ...distances(view), ...lags(view)]
}

/** From there nothing is ranked. */
function throughHttp(study: K6Study): readonly Sentence[] {
  const backends = new Set(study.cells.flatMap((cell) => (cell.outcome === 'measured' ? [cell.backend] : [])))
  return [
    [strong('Seen through HTTP alone, so nothing is ranked.')],
    [
      `k6 was given ${plural(answeredByHttp(study), 'answer')} by ${plural(backends.size, 'backend')}; what they took stands in a section of its own.`,
    ],
  ]
}

function nothing(view: View): readonly Sentence[] {
  if (view.rankings.some(({ rows }) => rows.length > 0))
    return [
      [strong('No verdict: no backend kept up with the load.')],
      ['Where a backlog grows for as long as the load lasts, nothing can be ranked; a lower rate can be.'],
    ]
  const outcomes = view.run.cells
  const counted = (outcome: string): number => outcomes.filter((cell) => cell.outcome === outcome).length
  const parts = (['failed', 'skipped', 'pending'] as const).filter((outcome) => counted(outcome) > 0)
  const how = parts.length === 0 ? '' : ` (${parts.map((outcome) => `${counted(outcome)} ${outcome}`).join(', ')})`
  return [
    [strong('No verdict: no backend has a result.')],
    [
      `${plural(outcomes.length, 'cell was', 'cells were')} planned and none was measured${how}; the reasons stand below.`,
    ],
  ]
}

function leadSentence(view: View, lead: Ranking): Sentence {
  const rows = peers(lead)
  const [first, second] = rows as [RankedRow, RankedRow | undefined]
  const what = `${lead.scenario.title}: `
  if (second === undefined) {
    return [what, strong(p50(first)), ` on ${view.name(first.backend.id)}, the only backend that can be ranked here.`]
  }
  const best = rows.filter(isBest)
  if (best.length > 1) {
    const names = list(
      best.map((row) => view.name(row.backend.id)),
      4,
    )
    const others = rows.filter((row) => !isBest(row))
    const slowest = others.at(-1)
    return [
      what,
      strong('no detectable difference'),
      ` between ${names}: ${durationSpan(best)} at the median, with intervals that overlap`,
      ...(slowest === undefined
        ? ['.']
        : [
            '. ',
            view.name(slowest.backend.id),
            ' takes ',
            strong(ratio(slowest.ratio.value)),
            ` as long (${interval(slowest)}).`,
          ]),
    ]
  }
  const last = rows.at(-1)!
  return [
    what,
    strong(p50(first)),
    ` on ${view.name(first.backend.id)} and `,
    strong(p50(second)),
    ` on ${view.name(second.backend.id)}, which is `,
    strong(ratio(second.ratio.value)),
    ` (${interval(second)})`,
    ...(last === second
      ? ['.']
      : ['; ', strong(ratio(last.ratio.value)), ` (${interval(last)}) on ${view.name(last.backend.id)}, the slowest.`]),
  ]
}

function distances(view: View): readonly Sentence[] {
  const far = view.backends.filter((backend) => backend.distance !== null)
  if (far.length === 0) return []
  const items = far.map(
    (backend) => `${view.name(backend.id)} (${duration(backend.distance!.measuredRttNs)} round trip)`,
  )
  return [
    [
      'The distance to ',
      list(items, 3),
      ' was ',
      strong('emulated'),
      ` by ${list([...new Set(far.map((backend) => EMULATOR_NAMES[backend.distance!.emulator]))])} on this machine, not travelled.`,
    ],
  ]
}

function lags(view: View): readonly Sentence[] {
  const slowest = slowestLag(view)
  if (slowest === null) return []
  const { p50: median, p99 } = slowest.ackToVisible
  if (slowest.missedAfterAck === 0 && median !== null) return [noneMissed(view, slowest, median)]
  if (median === null) return [[`${view.name(slowest.backend)} did not show half of the writes in time.`]]
  return [
    [
      `A write shows on ${view.name(slowest.backend)} `,
      'after ',
      strong(bracketed(median)),
      ` ${bracketEnds(median)}`,
      ' at the median',
      p99 === null ? '' : ` and ${bracketed(p99)} at p99`,
      ', counted from the acknowledgement.',
    ],
  ]
}

/** The upper end of such a bracket is as long as polls are, and says little of the replica. */
function noneMissed(view: View, cell: MeasuredLag, median: Bracket): Sentence {
  return [
    strong('No read that began after the acknowledgement missed a write'),
    ` on ${view.name(cell.backend)} (0 of ${plural(cell.markers, 'marker')}; ${watchedBy(view, cell)}): at the median `,
    ...(median.upperNs === 0
      ? [`it shows ${AT_ONCE}.`]
      : [
          'the first that saw it ended ',
          strong(bracketed(median)),
          ` after the acknowledgement, and a poll takes ${duration(cell.pollP50Ns)}.`,
        ]),
  ]
}

function p50(row: RankedRow): string {
  return duration(row.cell.estimates.p50.valueNs)
}

function durationSpan(rows: readonly RankedRow[]): string {
  const all = rows.map((row) => row.cell.estimates.p50.valueNs)
  const [low, high] = [duration(Math.min(...all)), duration(Math.max(...all))]
  return low === high ? low : `${low || MISSING} to ${high}`
}
