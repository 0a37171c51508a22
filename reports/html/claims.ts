import { claimedBounds } from '../../bench/contract/index.ts'
import type { ClaimGroup, ClaimWords, FindingWords } from '../claims.ts'
import { claimCounts, claimGroups, CLAIMS_TITLE, claimsAbout, NO_CLAIMS } from '../claims.ts'
import type { View } from '../view.ts'
import { claimFigure } from './claim-figure.ts'
import type { Section } from './frame.ts'
import { letters, lookOf, note } from './frame.ts'
import type { Content, Markup } from './markup.ts'
import { html } from './markup.ts'
import { swatch } from './swatch.ts'
import type { Row } from './table.ts'
import { table } from './table.ts'

/** What others published, beside what was measured. */
export function claims(view: View): Section {
  const counts = claimCounts(view)
  return {
    id: 'claims',
    label: 'Claims',
    title: CLAIMS_TITLE,
    about: claimsAbout(view),
    body:
      counts === null
        ? note(NO_CLAIMS)
        : html`<p><b>${counts}</b></p>
            ${claimGroups(view).map((one) => group(view, one))}`,
  }
}

function group(view: View, { source, name, judged, untold }: ClaimGroup): Markup {
  const { url } = source
  return html`<div class="card">
    <h3>
      ${url === undefined || !/^https?:\/\//.test(url) ? name : html`<a href="${url}" rel="noreferrer">${name}</a>`}
    </h3>
    ${judged.length === 0 ? null : judgedTable(view, judged)} ${untold.length === 0 ? null : reasons(untold)}
    ${readings([...judged, ...untold])}
  </div>`
}

function judgedTable(view: View, judged: readonly ClaimWords[]): Markup {
  return table({
    kind: 'claims',
    caption: 'Band: what is claimed. Marker: what was measured, with its interval.',
    columns: [
      { label: 'Claim' },
      { label: 'Verdict', kind: 'text' },
      { label: 'Measured here' },
      { label: 'Claimed' },
      { label: 'log scale', kind: 'text' },
      { label: 'On', kind: 'text' },
    ],
    rows: judged.flatMap((words) => words.findings.map((finding) => row(view, words, finding))),
  })
}

function row(
  view: View,
  { judged: { claim, verdict: kind }, verdict, remarks, claimed }: ClaimWords,
  { finding, value, interval, on, conditions, letters: marks }: FindingWords,
): Row {
  const look = lookOf(view, finding.subjects[0].base)
  return {
    head: claim.text,
    cells: [
      { content: html`<b>${verdict}</b><span class="aside">${remarks.join('; ')}</span>`, kind },
      html`<b>${value}</b>${letters(marks)}<span class="aside">${interval}</span>`,
      claimed,
      claimFigure(look, finding, claimedBounds(claim.claimed)),
      html`${swatch(look)} ${on}<span class="aside">${conditions}</span>`,
    ],
  }
}

function reasons(untold: readonly ClaimWords[]): Markup {
  return html`<h4>What this run cannot tell</h4>
    <ul class="missing">
      ${untold.map(({ judged: { claim }, remarks }) => html`<li>${claim.text}: <b>${remarks.join('; ')}</b></li> `)}
    </ul>`
}

function readings(all: readonly ClaimWords[]): Content {
  const read = all.flatMap(({ judged: { claim } }) => (claim.reading === undefined ? [] : [claim]))
  if (read.length === 0) return null
  return html`<details>
    <summary>How the words are read as numbers</summary>
    <ul class="missing">
      ${read.map(({ text, reading = '' }) => html`<li>${text}: ${reading}</li> `)}
    </ul>
  </details>`
}
