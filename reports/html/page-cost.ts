import type { Estimate, ScenarioFacts } from '../../bench/contract/index.ts'
import { BUDGET_NS, FIRST_QUERIES, MOST_QUERIES, PAGE_COUNTS } from '../charts/page-budget.ts'
import { count, duration, durationInterval, percent } from '../format.ts'
import { CONTRAST_ABOUT, PAGE_ABOUT, pageContrast, pageRows } from '../page-cost.ts'
import type { View } from '../view.ts'
import { placeOf } from '../view.ts'
import { plot } from './controls.ts'
import { movedNote } from './distance-control.ts'
import type { Section } from './frame.ts'
import { generalLetters, letters, nameOf, note } from './frame.ts'
import type { Content } from './markup.ts'
import { html } from './markup.ts'
import { table } from './table.ts'

/** What a page of n operations costs: a slider for the reader's own page, and a table for some. */
export function pageCost(view: View): Section {
  const tables = view.scenarios.map((scenario, index) => pageTable(view, scenario, index))
  return {
    id: 'page',
    label: 'Per page',
    title: 'What does a page cost?',
    about: PAGE_ABOUT,
    body: tables.every((one) => one === null)
      ? note('No page can be summed up: no warm operation was measured in a closed loop.')
      : html`${slider()} ${movedNote(view, 'chosen')}
        ${plot({
          id: 'page',
          title: 'One after another',
          about: html`Marker: n times the mean. Whiskers: its 95 % interval. Dotted: ${duration(BUDGET_NS)}, and beside
          each marker how many fit in it.`,
        })}
        ${tables} ${contrast(view)}`,
  }
}

function slider(): Content {
  return html`<div class="controls scripted">
    <label for="queries">Operations in a row</label>
    <input type="range" id="queries" min="1" max="${MOST_QUERIES}" value="${FIRST_QUERIES}" />
    <output for="queries" id="queries-said">${FIRST_QUERIES}</output>
  </div>`
}

function pageTable(view: View, scenario: ScenarioFacts, index: number): Content {
  const rows = pageRows(view, scenario.id)
  if (rows.length === 0) return null
  return html`<article class="card" data-scenario="${index}">
    ${table({
      kind: 'page',
      caption: `${scenario.title}, n in a row, and how many fit in ${duration(BUDGET_NS)}.`,
      marks: generalLetters(view),
      columns: [
        { label: 'Backend' },
        ...PAGE_COUNTS.map((n) => ({ label: `${n}` })),
        { label: `fit in ${duration(BUDGET_NS)}` },
      ],
      rows: rows.map(({ backend, mean: { valueNs, lowNs, highNs }, fits }) => ({
        backend: placeOf(view, backend),
        head: nameOf(view, backend, null, letters(view.letters(backend, scenario.id))),
        cells: [
          ...PAGE_COUNTS.map((n) =>
            n === 1
              ? html`${duration(valueNs)}<span class="aside">${durationInterval(lowNs, highNs)}</span>`
              : duration(n * valueNs),
          ),
          count(fits),
        ],
      })),
    })}
  </article> `
}

/** What was summed up beside what was measured. */
function contrast(view: View): Content {
  const found = pageContrast(view)
  if (found === null) return null
  return html`<article class="card">
    <h3>Is a page the sum of its queries?</h3>
    ${table({
      kind: 'contrast',
      caption: CONTRAST_ABOUT,
      marks: generalLetters(view),
      columns: [
        { label: 'Backend' },
        { label: `predicted: ${found.predictedTitle}` },
        { label: `measured: ${found.measuredTitle}` },
        { label: 'of the prediction' },
      ],
      rows: found.rows.map(({ backend, predicted, measured }) => ({
        backend: placeOf(view, backend),
        head: nameOf(view, backend, null, null),
        cells: [figure(predicted), figure(measured), percent(measured.valueNs / predicted.valueNs)],
      })),
    })}
  </article>`
}

function figure({ valueNs, lowNs, highNs }: Estimate): Content {
  return html`${duration(valueNs)}<span class="aside">${durationInterval(lowNs, highNs)}</span>`
}
