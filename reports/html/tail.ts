import type { ScenarioFacts } from '../../bench/contract/index.ts'
import { count, duration, MISSING, quantileName } from '../format.ts'
import { distributionRow, peaksText } from '../charts/distribution-data.ts'
import { slowByBackend, slowText } from '../rounds.ts'
import type { View } from '../view.ts'
import { placeOf } from '../view.ts'
import { plot } from './controls.ts'
import type { Section } from './frame.ts'
import { generalLetters, letters, nameOf, note } from './frame.ts'
import { legend } from './legend.ts'
import type { Content } from './markup.ts'
import { html } from './markup.ts'
import { withheld } from './ranking.ts'
import { table } from './table.ts'

export function tail(view: View): Section {
  return {
    id: 'tail',
    label: 'Tail',
    title: 'The tail',
    about:
      'The slowest operations: what a page with many queries meets on every load. Percentiles are over all operations of all rounds together.',
    body: view.rankings.every((ranking) => ranking.rows.length === 0)
      ? note('There is no tail to show: nothing was measured.')
      : html`${plot({
          id: 'tail',
          title: 'Latency by percentile',
          about:
            'Read across: 1 operation in 10, in 100, in 1,000 takes longer. A curve is dotted where too few operations lie beyond to call it a percentile, and ends with the longest of all.',
          after: legend(view),
        })}
        ${plot({
          id: 'distribution',
          title: 'The shape of the latencies',
          about:
            'A row a backend on one ruler, 24 bins a decade. Heights are square roots, so that a small peak shows beside a large one; each row is as high as its own fullest bin. A marker stands on each peak: at least 1 % of all operations, behind a valley at most half as high.',
        })}
        ${view.scenarios.map((scenario, index) => tailTable(view, scenario, index))} ${slowTable(view)}`,
  }
}

function tailTable(view: View, scenario: ScenarioFacts, index: number): Content {
  const cells = view.backends.map((backend) => view.measured(backend.id, scenario.id)).filter((cell) => cell !== null)
  if (cells.length === 0) return null
  const ps = [...new Set(cells.flatMap((cell) => cell.estimates.quantiles.map(({ p }) => p)))].toSorted((a, b) => a - b)
  return html`<details class="card" data-scenario="${index}">
    <summary>${scenario.title}: all percentiles as a table</summary>
    ${table({
      kind: 'quantiles',
      caption: 'Percentiles over all operations.',
      marks: generalLetters(view),
      columns: [
        { label: 'Backend' },
        ...ps.map((p) => ({ label: quantileName(p) })),
        { label: 'largest' },
        { label: 'peaks near' },
      ],
      rows: cells.map((cell) => ({
        backend: placeOf(view, cell.backend),
        head: nameOf(view, cell.backend, null, letters(view.letters(cell.backend, scenario.id))),
        cells: [
          ...ps.map((p) => withheld(cell.estimates.quantiles.find((quantile) => quantile.p === p)?.ns ?? null)),
          duration(cell.estimates.maxNs),
          peaksText(distributionRow(0, cell)),
        ],
      })),
    })}
  </details> `
}

/** What happened beside the slowest operations. */
function slowTable(view: View): Content {
  const text = slowText(view)
  if (text === null) return null
  return html`<details class="card">
    <summary>Slow operations and what happened beside them</summary>
    <p class="small">${text}</p>
    ${table({
      kind: 'quantiles',
      caption: 'All that is counted above, by backend.',
      columns: [
        { label: 'Backend' },
        ...['operations', 'slow', 'garbage', 'no processor', 'unexplained', 'longest'].map((label) => ({ label })),
      ],
      rows: slowByBackend(view).map(([id, counts]) => ({
        backend: placeOf(view, id),
        head: nameOf(view, id, null, null),
        cells: [
          ...[counts.operations, counts.slow, counts.gc, counts.runqueue, counts.unexplained].map(count),
          counts.slow === 0 ? MISSING : duration(counts.longestNs),
        ],
      })),
    })}
  </details> `
}
