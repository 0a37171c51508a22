import { duration, percent } from '../format.ts'
import { servedByText } from '../lag-lines.ts'
import type { LagTable, MeasuredLag } from '../lag-tables.ts'
import { lagReasons, lagTables, watchedBy } from '../lag-tables.ts'
import type { View } from '../view.ts'
import { placeOf } from '../view.ts'
import { plot } from './controls.ts'
import type { Section } from './frame.ts'
import { letters, nameOf, note } from './frame.ts'
import { lagCourse } from './lag-course.ts'
import type { Content } from './markup.ts'
import { html } from './markup.ts'
import { table } from './table.ts'

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
      wholeRun: true,
      about:
        'The share of reads that miss a write, by the time that has passed since its acknowledgement, with nothing else written. The truth lies inside the band.',
    })}
    <div class="card">
      ${lagTables(view).map((one) => figures(view, one))}
      ${measured.map((cell) => html`<p class="small" data-backend="${placeOf(view, cell.backend)}"><b>${view.title(cell.backend)}</b>: ${[watchedBy(view, cell), ...servedByText(cell)].join('; ')}.</p>`)}
      ${measured.map((cell) => staleTable(view, cell))}
    </div>
    ${lagCourse(view, measured)}`
}

function figures(view: View, { id, caption, heads, rows }: LagTable): Content {
  const marks = view.notes.filter((entry) => entry.id === 'REPLICA_STALE').map((entry) => entry.letter)
  const [first = '', ...labels] = heads
  return table({
    kind: 'lag',
    caption,
    columns: [
      { label: first },
      ...labels.map((label) => ({ label, kind: WORDS.has(label) ? ('text' as const) : ('number' as const) })),
    ],
    rows: rows.map(({ backend, cells }) => ({
      backend: placeOf(view, backend),
      head: nameOf(view, backend, null, id === 'lag' ? letters(marks) : null),
      cells: cells.map(({ main, aside }, place) => {
        const figure = WORDS.has(labels[place] ?? '') ? html`${main}` : html`<b>${main}</b>`
        return html`${main === '' ? null : figure}${aside === '' ? null : html`<span class="aside">${aside}</span>`}`
      }),
    })),
  })
}

/** Columns that hold words. */
const WORDS = new Set(['written meanwhile', 'counted from'])

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

/** Backends with one copy by their reason, and those that failed or were skipped. */
function others(view: View): Content {
  const reasons = lagReasons(view)
  if (reasons.length === 0) return null
  return html`<ul class="missing">
    ${reasons.map(([reason, backends]) => html`<li><b>${backends}</b>: ${reason}</li>`)}
  </ul>`
}
