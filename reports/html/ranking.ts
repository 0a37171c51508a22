import type { RankedRow, Ranking, ScenarioFacts } from '../../bench/contract/index.ts'
import { count, duration, durationInterval, plural, ratioInterval } from '../format.ts'
import { floor, ratioOrReference, where } from '../method.ts'
import { missingText } from '../missing.ts'
import { openingText } from '../rounds.ts'
import { peers, unranked } from '../standing.ts'
import type { View } from '../view.ts'
import { durabilityOf, quantile, placeOf } from '../view.ts'
import { controls, plot } from './controls.ts'
import { distanceControl, movedNote } from './distance-control.ts'
import type { Section } from './frame.ts'
import { generalLetters, letters, lookOf, nameOf, note } from './frame.ts'
import { intervalFigure } from './interval-figure.ts'
import { commonRange } from './interval-shape.ts'
import type { Content, Markup } from './markup.ts'
import { html } from './markup.ts'
import type { Row } from './table.ts'
import { table } from './table.ts'

export function ranking(view: View): Section {
  return {
    id: 'ranking',
    label: 'Ranking',
    title: 'Ranking',
    about: 'Time per operation, seen by the application. Backends share a rank when their intervals overlap.',
    body:
      view.rankings.length === 0
        ? note('There is nothing to rank: no scenario has a result.')
        : html`${controls(view)} ${distanceControl(view, 'ranking')} ${movedNote(view, 'chosen')}
          ${plot({
            id: 'ladder',
            title: 'The whole range, on one ruler',
            about:
              'Each step of the ruler is ten times slower. Marker: p50. Block: the middle half of all operations. Upright tick: p99. Line: p5 to p99.9, or to the last percentile that there are enough operations for.',
          })}
          ${view.scenarios.map((scenario, index) => scenarioRanking(view, scenario, index))}
          ${view.nulls.map((backend) => html`<p class="small">The dashed line in the chart is not a backend: ${floor(view, backend)}.</p>`)}`,
  }
}

function scenarioRanking(view: View, scenario: ScenarioFacts, index: number): Markup {
  const ranked = view.ranking(scenario.id)
  return html`<article class="card" data-scenario="${index}">
    <h3>${scenario.title}</h3>
    <p class="why">${scenario.why}</p>
    ${statement(scenario)}
    ${ranked === null || ranked.rows.length === 0 ? note('No backend has a result for this scenario.') : rankingTable(view, ranked)}
    ${ranked === null ? null : openings(view, ranked)} ${ranked === null ? null : missing(view, ranked)}
  </article> `
}

function rankingTable(view: View, ranked: Ranking): Markup {
  const range = commonRange(peers(ranked).map((row) => row.ratio))
  return table({
    kind: 'rank',
    caption: 'Each figure with its 95 % interval.',
    marks: generalLetters(view),
    columns: [
      { label: 'Rank, backend' },
      { label: 'p50' },
      { label: 'vs fastest' },
      { label: 'ratio, log scale', kind: 'text' },
      { label: 'p99' },
      { label: 'p99.9' },
      { label: 'n' },
      { label: 'Errors' },
    ],
    rows: ranked.rows.map((row) => rankedRow(view, ranked, row, range)),
  })
}

function rankedRow(view: View, ranked: Ranking, row: RankedRow, range: { low: number; high: number }): Row {
  const { estimates } = row.cell
  const { p50 } = estimates
  const id = row.backend.id
  const scenario = ranked.scenario
  const below = [
    where(row.backend),
    ...(scenario.kind === 'read' ? [] : [`commits ${durabilityOf(row.cell) ?? 'undeclared'}`]),
  ].join(' · ')
  const comparable = row.rank !== null && !view.suppressed
  const isReference = comparable && row === peers(ranked)[0]
  return {
    backend: placeOf(view, id),
    head: html`<span class="ranked"
      ><span class="place">${comparable ? String(row.rank) : '–'}</span
      >${nameOf(view, id, below, letters(view.letters(id, scenario.id)))}</span
    >`,
    cells: [
      html`<b class="main">${duration(p50.valueNs)}</b
        ><span class="aside">${durationInterval(p50.lowNs, p50.highNs)}</span>`,
      comparable
        ? html`<b>${ratioOrReference(row.ratio.value, isReference)}</b
            ><span class="aside">${isReference ? 'reference' : ratioInterval(row.ratio.low, row.ratio.high)}</span>`
        : html`<span class="aside"
            >${view.suppressed ? 'answers differ' : unranked(row) === 'saturated' ? 'saturated' : 'another class'}</span
          >`,
      comparable ? intervalFigure(lookOf(view, id), row.ratio, range) : null,
      withheld(quantile(row.cell, 0.99)),
      withheld(quantile(row.cell, 0.999)),
      html`${count(estimates.operations)}<span class="aside">${plural(estimates.rounds, 'round')}</span>`,
      count(estimates.errors),
    ],
  }
}

/** A percentile, or that there are too few operations for it. */
export function withheld(ns: number | null): Content {
  return ns === null ? html`<span class="aside">too few</span>` : duration(ns)
}

function statement(scenario: ScenarioFacts): Content {
  const [first, ...more] = scenario.statements.sqlite
  if (first === undefined) return null
  return html`<p class="sql">
    <code>${first}</code>${more.length === 0 ? null : ` and ${plural(more.length, 'more statement')}, see the method`}
  </p>`
}

/** Of a cold start: its operations in time order. */
function openings(view: View, ranked: Ranking): Content {
  const texts = ranked.rows.map(({ backend, cell }) => [backend.id, openingText(cell)] as const)
  if (texts.every(([, text]) => text === null)) return null
  return html`<ul class="missing">
    ${texts.map(([id, text]) => html`<li data-backend="${placeOf(view, id)}"><b>${view.title(id)}</b>, in time order: ${text}</li>`)}
  </ul>`
}

function missing(view: View, ranked: Ranking): Content {
  if (ranked.missing.length === 0) return null
  return html`<ul class="missing">
    ${ranked.missing.map(
      ({ backend, cell }) =>
        html`<li data-backend="${placeOf(view, backend.id)}">
          <b>${view.title(backend.id)}</b>: ${missingText(cell)}
        </li>`,
    )}
  </ul>`
}
