import type { Bracket, LagCell, LagEstimate } from '../../bench/contract/index.ts'
import { MISSING, count, bracketEnds, bracketed, duration, list, percent, plural, rate } from '../format.ts'
import { troubleText } from '../missing.ts'
import type { View } from '../view.ts'
import { plot } from './controls.ts'
import type { Section } from './frame.ts'
import { letters, nameOf, note, placeOf } from './frame.ts'
import type { Content } from './markup.ts'
import { html } from './markup.ts'
import type { Row } from './table.ts'
import { table } from './table.ts'

type MeasuredLag = Extract<LagCell, { outcome: 'measured' }>

export function replication(view: View): Section {
  const { lag } = view.run
  const measured = lag.filter((cell) => cell.outcome === 'measured')
  return {
    id: 'replication',
    label: 'Replication',
    title: 'Replication lag',
    about:
      'How long after a write a read on the replica sees it. The truth of every write lies in a bracket between two polls; [ ] are its ends.',
    body: html`${measured.length === 0 ? note(`No replication lag was measured${lag.length === 0 ? '.' : '; the reasons:'}`) : lagViews(view, measured)}
    ${others(view)}`,
  }
}

function lagViews(view: View, measured: readonly MeasuredLag[]): Content {
  return html`${plot({
      id: 'stale',
      title: 'How likely is a read still stale?',
      about:
        'The share of reads that miss a write, by the time that has passed since its acknowledgement. The truth lies inside the band.',
    })}
    <div class="card">
      ${table({
        kind: 'lag',
        caption: 'Time until a write can be read on the replica: estimate [lower – upper end].',
        columns: [
          { label: 'Backend' },
          { label: 'counted from', kind: 'text' },
          { label: 'p50' },
          { label: 'p95' },
          { label: 'p99' },
          { label: 'longest, upper end' },
        ],
        rows: measured.flatMap((cell) => lagRows(view, cell)),
      })}
      ${measured.map((cell) => html`<p class="small" data-backend="${placeOf(view, cell.backend)}"><b>${view.title(cell.backend)}</b>: ${lagDetail(cell)}</p>`)}
      ${measured.map((cell) => staleTable(view, cell))}
    </div>`
}

function lagRows(view: View, cell: MeasuredLag): Row[] {
  const marks = view.notes.filter((entry) => entry.id === 'REPLICA_STALE').map((entry) => entry.letter)
  const row = (from: string, estimate: LagEstimate): Row => ({
    backend: placeOf(view, cell.backend),
    head: nameOf(view, cell.backend, null, letters(marks)),
    cells: [from, bracket(estimate.p50), bracket(estimate.p95), bracket(estimate.p99), duration(estimate.maxUpperNs)],
  })
  return [
    row('the acknowledgement', cell.ackToVisible),
    row('the commit', cell.commitToVisible),
    row('sending the write', cell.sendToVisible),
  ]
}

function bracket(found: Bracket | null): Content {
  if (found === null) return html`<span class="aside">too few</span>`
  return html`<b>${bracketed(found)}</b><span class="aside">${bracketEnds(found)}</span>`
}

/** Mechanism, how finely it was polled, what the brackets leave open. Shared with Markdown. */
function lagDetail(cell: MeasuredLag): string {
  const { position } = cell
  return [
    `${cell.mechanism}; ${plural(cell.markers, 'marker')}, polled ${rate(cell.pollsPerSecond)} (a poll takes ${duration(cell.pollP50Ns)}).`,
    `${count(cell.leftCensored)} seen by the first poll, so that only their upper end is known; ${count(cell.rightCensored)} not seen before the time-out.`,
    position === null || position.compared === 0
      ? 'No position could be compared.'
      : `The position agrees in ${count(position.agreeing)} of ${count(position.compared)} cases; at most ${count(position.maxBehind)} ${position.unit} behind.`,
  ].join(' ')
}

function staleTable(view: View, cell: MeasuredLag): Content {
  if (cell.staleAfter.length === 0) return null
  return html`<details data-backend="${placeOf(view, cell.backend)}">
    <summary>${view.title(cell.backend)}: stale reads as a table</summary>
    ${table({
      kind: 'stale',
      caption: 'Share of reads that do not see the write.',
      columns: [{ label: 'after the acknowledgement' }, { label: 'at least' }, { label: 'at most' }],
      rows: cell.staleAfter.map(({ tNs, low, high }) => ({
        head: duration(tNs),
        cells: [percent(low), percent(high)],
      })),
    })}
  </details>`
}

/** Backends with one copy by their reason, and those that failed. */
function others(view: View): Content {
  const reasons = new Map<string, string[]>()
  for (const cell of view.run.lag) {
    const reason = cell.outcome === 'none' ? cell.reason : cell.outcome === 'failed' ? troubleText(cell) : null
    if (reason === null || placeOf(view, cell.backend) === -1) continue
    reasons.set(reason, [...(reasons.get(reason) ?? []), view.title(cell.backend)])
  }
  if (reasons.size === 0) return null
  return html`<ul class="missing">
    ${[...reasons].map(([reason, backends]) => html`<li><b>${list(backends)}</b>: ${reason || MISSING}</li>`)}
  </ul>`
}
