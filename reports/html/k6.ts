import type { K6Table } from '../k6.ts'
import { K6_TITLE, k6Seen } from '../k6.ts'
import type { View } from '../view.ts'
import { placeOf } from '../view.ts'
import type { Section } from './frame.ts'
import { nameOf, note } from './frame.ts'
import type { Content } from './markup.ts'
import { html } from './markup.ts'
import { table } from './table.ts'

/** What k6 saw; left out where nobody looked from there. */
export function k6(view: View): Section[] {
  const seen = k6Seen(view)
  if (seen === null) return []
  const { about, found, warning, reasons } = seen
  return [
    {
      id: 'http',
      label: 'HTTP',
      title: K6_TITLE,
      about,
      body: html`${warning === null ? null : note(warning)}
      ${found === null ? note('Nothing was measured.') : html`<div class="card">${figures(view, found)}</div>`}
      ${
        reasons.length === 0
          ? null
          : html`<ul class="missing">
              ${reasons.map(([reason, what]) => html`<li><b>${what}</b>: ${reason}</li>`)}
            </ul>`
      }`,
    },
  ]
}

function figures(view: View, { heads, rows }: K6Table): Content {
  return table({
    kind: 'loads',
    caption: 'Latency of one request: sending, waiting and receiving, without connecting.',
    columns: [{ label: 'Scenario, backend' }, ...heads.map((label) => ({ label }))],
    rows: rows.map(({ backend, scenario, target, cells }) => ({
      // The harness alone has no place and no mark.
      ...(placeOf(view, backend) < 0 ? {} : { backend: placeOf(view, backend) }),
      head:
        placeOf(view, backend) < 0
          ? html`${view.title(backend)}<span class="below">${scenario} · ${target}</span>`
          : nameOf(view, backend, `${scenario} · ${target}`, null),
      cells: cells.map(
        ({ main, aside }) => html`<b>${main}</b>${aside === '' ? null : html`<span class="aside">${aside}</span>`}`,
      ),
    })),
  })
}
