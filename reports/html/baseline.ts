import type { History } from '../../bench/contract/index.ts'
import type { ChangeWords, Delta } from '../baseline.ts'
import {
  BASELINE_ABOUT,
  changeWords,
  DELTA_HEADS,
  deltaRemarks,
  deltas,
  historyText,
  NO_BASELINE,
} from '../baseline.ts'
import { duration, plural } from '../format.ts'
import type { View } from '../view.ts'
import { placeOf } from '../view.ts'
import { runsDrawn } from '../charts/trend-data.ts'
import { plot } from './controls.ts'
import type { Section } from './frame.ts'
import { lookOf, note } from './frame.ts'
import type { Content } from './markup.ts'
import { html } from './markup.ts'
import { swatch } from './swatch.ts'
import { table } from './table.ts'

/** This run beside earlier ones: one of them, all of them, or none. */
export function baseline(view: View): Section {
  const { history } = view
  const isEmpty = view.baseline === null && history === null
  return {
    id: 'baseline',
    label: 'Baseline',
    title: 'Against earlier runs',
    about: BASELINE_ABOUT,
    body: isEmpty ? note(NO_BASELINE) : html`${against(view)} ${history === null ? null : overRuns(view, history)}`,
  }
}

function against(view: View): Content {
  if (view.baseline === null) return null
  const all = deltas(view)
  const told = all.filter(({ row }) => row.verdict !== 'same' && row.verdict !== 'inconclusive')
  const rest = all.filter((one) => !told.includes(one))
  const remarks = deltaRemarks(view)
  return html`<div class="card">
    ${
      told.length === 0
        ? html`<p>Against run <code>${view.baseline.base.run}</code>: nothing is slower or faster for certain.</p>`
        : deltaTable(
            view,
            told,
            html`Against run <code>${view.baseline.base.run}</code>: p50 of two runs of different times, corrected for
              how many are compared.`,
          )
    }
    ${
      rest.length === 0
        ? null
        : html`<details>
            <summary>${plural(rest.length, 'row')} without a certain change</summary>
            ${deltaTable(view, rest, 'No change, or too noisy to say.')}
          </details>`
    }
    ${
      remarks.length === 0
        ? null
        : html`<details>
            <summary>What the two runs do not share, and remarks</summary>
            ${items(remarks)}
          </details>`
    }
  </div>`
}

function deltaTable(view: View, rows: readonly Delta[], caption: Content): Content {
  const [first, ...heads] = DELTA_HEADS
  return table({
    kind: 'lag',
    caption,
    columns: [
      { label: first },
      ...heads.map((label) => ({
        label,
        kind: label === 'Backend' || label === 'Verdict' ? ('text' as const) : ('number' as const),
      })),
    ],
    rows: rows.map(({ row, verdict, cells }) => ({
      backend: placeOf(view, row.backend),
      head: row.scenario,
      cells: [
        html`<span class="name">${swatch(lookOf(view, row.backend))}<span>${view.short(row.backend)}</span></span>`,
        ...cells,
        html`<b>${verdict}</b>`,
      ],
    })),
  })
}

function overRuns(view: View, history: History): Content {
  const changes = changeWords(view, history)
  const drawn = runsDrawn(view)
  return html`${
      history.runs.length < 2
        ? null
        : plot({
            id: 'trend',
            title: 'Run after run',
            about:
              'Each backend as the change from its first stretch: up is slower. Bars are 95 % intervals; a dashed line with a triangle is a change point.',
          })
    }
    <div class="card">
      <p>
        ${historyText(view, history)}${drawn < history.runs.length ? ` The newest ${drawn} of them are drawn.` : ''}
      </p>
      ${changes.length === 0 ? html`<p>No change point: nothing moved by 3 % or more for four runs in a row.</p>` : items(changes.map(changeItem))}
      ${view.scenarios.map(({ id, title }, index) => pointTable(view, history, id, title, index))}
    </div>`
}

function changeItem({ text, run, commit, url }: ChangeWords): Content {
  const named =
    commit === null
      ? null
      : url === null
        ? html`, commit <code>${commit}</code>`
        : html`, commit <a href="${url}" rel="noreferrer"><code>${commit}</code></a>`
  return html`${text} from run <code>${run}</code> on${named}`
}

/** A table has room for so many runs. */
const ROWS = 5

function pointTable(view: View, history: History, scenario: string, title: string, index: number): Content {
  const series = history.series.filter((one) => one.scenario === scenario)
  if (series.length === 0) return null
  const first = Math.max(0, history.runs.length - ROWS)
  return html`<details data-scenario="${index}">
    <summary>The figures of ${title}</summary>
    ${table({
      kind: 'lag',
      caption: `${title}: p50 of the newest runs; those before are in their own run.json.`,
      columns: [
        { label: 'Run' },
        ...series.map(({ backend }) => ({ label: view.short(backend), backend: placeOf(view, backend) })),
      ],
      rows: history.runs.slice(first).map(({ id, commit }, n) => ({
        head: html`<code>${id}</code>${commit === null ? null : html`<span class="below">${commit}</span>`}`,
        cells: series.map(({ backend, points }) => ({
          backend: placeOf(view, backend),
          content: duration(points.find(({ run }) => run === first + n)?.p50.valueNs ?? null),
        })),
      })),
    })}
  </details>`
}

function items(contents: readonly Content[]): Content {
  return contents.length === 0
    ? null
    : html`<ul class="missing">
        ${contents.map((content) => html`<li>${content}</li>`)}
      </ul>`
}
