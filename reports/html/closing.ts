import { backendEntries, environment, method, reproduce } from '../method.ts'
import type { View } from '../view.ts'
import { placeOf } from '../view.ts'
import type { Section } from './frame.ts'
import { entries, lookOf, note } from './frame.ts'
import { html } from './markup.ts'
import { swatch } from './swatch.ts'

/** Caveats, method and the way to measure again: what the figures above rest on. */
export function caveats(view: View): Section {
  return {
    id: 'caveats',
    label: 'Caveats',
    title: 'Caveats that apply to this run',
    about:
      'Written by rules from what was detected, not by hand. The letters stand beside the figures that they concern.',
    body:
      view.notes.length === 0
        ? note('No rule fired on this run.')
        : html`<ol class="caveats">
            ${view.notes.map(
              ({ id, letter, title, text }) =>
                html`<li id="caveat-${letter}">
                  <span class="rule">${id}</span><b class="letter">${letter}</b> <b>${title}</b> ${text}
                </li> `,
            )}
          </ol>`,
  }
}

export function methodSection(view: View): Section {
  return {
    id: 'method',
    label: 'Method',
    title: 'Method and environment',
    about: 'Everything that is needed to judge the figures, or to disagree with them.',
    body: html`<div class="two">
        <div>
          <h3>How it was measured</h3>
          ${entries(method(view))}
        </div>
        <div>
          <h3>What it ran on</h3>
          ${entries(environment(view))}
        </div>
      </div>
      <h3>The backends</h3>
      <div class="two">
        ${view.backends.map(
          (backend) =>
            html`<div data-backend="${placeOf(view, backend.id)}">
              <h4>
                <span class="name">${swatch(lookOf(view, backend.id))}<span>${view.title(backend.id)}</span></span>
              </h4>
              ${entries(backendEntries(backend))}
            </div> `,
        )}
      </div>
      <h3>The statements</h3>
      ${view.scenarios.map(
        (scenario) =>
          html`<details>
            <summary>${scenario.title}</summary>
            <p class="why">${scenario.why}</p>
            ${(['sqlite', 'postgres'] as const).map(
              (dialect) =>
                html`<h4>${dialect === 'sqlite' ? 'SQLite' : 'Postgres'}</h4>
                  <pre tabindex="0">${scenario.statements[dialect].join('\n')}</pre>`,
            )}
            <p class="small">
              ${scenario.answers === null ? 'Answers were not compared.' : `All backends gave the same answers, checksum ${scenario.answers}.`}
            </p>
          </details> `,
      )}`,
  }
}

export function reproduceSection(view: View, download: string | null): Section {
  return {
    id: 'reproduce',
    label: 'Reproduce',
    title: 'Reproduce',
    about: html`The same questions in the same order on your machine; this was run <code>${view.run.id}</code> of
      sqlatency ${view.run.harness.version}, commit ${view.run.harness.commit ?? 'unknown'}.`,
    body: html`<pre id="commands" tabindex="0">${reproduce(view).join('\n')}</pre>
      <p class="scripted buttons">
        <button type="button" class="button" data-copy="commands">Copy commands</button>
        ${download === null ? null : html`<button type="button" class="button" id="download">${download}</button>`}
        <button type="button" class="button" data-copy="markdown">Copy as Markdown</button>
      </p>
      ${download === null ? html`<p class="small">The run is too large to travel within this page; it lies in run.json beside it.</p>` : null}
      <p class="small">
        Think something is unfair? Open an issue that names the run and the letter or the figure you doubt.
      </p>`,
  }
}
