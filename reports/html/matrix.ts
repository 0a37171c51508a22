import type { Cell, ScenarioFacts } from '../../bench/contract/index.ts'
import { bin } from '../charts/bins.ts'
import { duration, ratio } from '../format.ts'
import { scaleNames } from '../matrix-scale.ts'
import { missingText } from '../missing.ts'
import { isBest, unranked } from '../standing.ts'
import type { View } from '../view.ts'
import { placeOf } from '../view.ts'
import { movedNote } from './distance-control.ts'
import type { Section } from './frame.ts'
import { generalLetters, letters, lookOf, note } from './frame.ts'
import type { Content, Markup } from './markup.ts'
import { html } from './markup.ts'
import { swatch } from './swatch.ts'
import type { Cell as TableCell } from './table.ts'
import { table } from './table.ts'

export function matrix(view: View): Section {
  return {
    id: 'all',
    label: 'All scenarios',
    title: 'All scenarios',
    about:
      'p50, and how many times that of the fastest in its row. There is no overall score: weigh the rows by what your application does.',
    body:
      view.backends.length === 0 || view.scenarios.length === 0
        ? note('There is nothing to show: no backend or no scenario took part.')
        : view.run.cells.length === 0 && view.run.k6 !== null
          ? note('Nothing was measured in process.')
          : html`${movedNote(view, 'all')}
              <div class="card">${matrixTable(view)}${scale()}</div>`,
  }
}

function matrixTable(view: View): Markup {
  const zero = view.nulls[0]
  return table({
    kind: 'matrix',
    caption: '★ fastest, alone or with others whose intervals overlap.',
    marks: generalLetters(view),
    columns: [
      { label: 'Scenario' },
      ...view.backends.map(({ id }) => ({
        label: view.short(id),
        content: html`<span class="column">${swatch(lookOf(view, id))}<span>${view.short(id)}</span></span>`,
        backend: placeOf(view, id),
      })),
      ...(zero === undefined ? [] : [{ label: 'harness alone' }]),
    ],
    rows: view.scenarios.map((scenario) => ({
      head: scenario.title,
      cells: [
        ...view.backends.map(({ id }): TableCell => ({
          ...matrixCell(view, scenario, id),
          backend: placeOf(view, id),
        })),
        ...(zero === undefined ? [] : [zeroCell(view, scenario, zero.id)]),
      ],
    })),
  })
}

function matrixCell(view: View, scenario: ScenarioFacts, backend: string): TableCell {
  const row = view.row(backend, scenario.id)
  if (row === null) return emptyCell(view.cell(backend, scenario.id))
  const p50 = html`<b>${duration(row.cell.estimates.p50.valueNs)}</b>${letters(view.letters(backend, scenario.id))}`
  if (view.suppressed) return { kind: 'apart', content: html`${p50}<span class="aside">answers differ</span>` }
  if (row.rank === null) {
    return { kind: 'apart', content: html`${p50}<span class="aside">${unranked(row)}</span>` }
  }
  if (isBest(row)) return { kind: 'q0', content: html`${p50}<span>★ fastest</span>` }
  return { kind: `q${bin(row.ratio.value)}`, content: html`${p50}<span>${ratio(row.ratio.value)}</span>` }
}

function emptyCell(cell: Cell | null): TableCell {
  if (cell === null) return { kind: 'apart', content: html`<span class="aside">n/a</span>` }
  const words = { skipped: 'skipped', failed: 'failed', pending: 'pending', measured: 'n/a' } as const
  return {
    kind: `apart ${cell.outcome}`,
    content: html`<span title="${missingText(cell)}">${words[cell.outcome]}</span>`,
  }
}

function zeroCell(view: View, scenario: ScenarioFacts, backend: string): TableCell {
  const cell = view.measured(backend, scenario.id)
  return {
    kind: 'apart zero',
    content: cell === null ? html`<span class="aside">n/a</span>` : duration(cell.estimates.p50.valueNs),
  }
}

function scale(): Content {
  return html`<p class="scale">
    <span class="q0">★ fastest</span
    >${scaleNames().map((text, index) => html`<span class="q${index + 1}">${text}</span>`)}<span class="apart"
      >not compared</span
    >
  </p>`
}
