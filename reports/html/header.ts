import { count, moment, plural, roughCount } from '../format.ts'
import { keyFigures } from '../key-figures.ts'
import { ranOn } from '../method.ts'
import { QUESTION } from '../question.ts'
import type { Sentence } from '../sentence.ts'
import { verdict } from '../verdict.ts'
import type { View } from '../view.ts'
import { note } from './frame.ts'
import type { Content, Markup } from './markup.ts'
import { html } from './markup.ts'

/** The question, what the numbers answer, and what they rest on. */
export function header(view: View): Markup {
  const { run } = view
  const sentences = verdict(view)
  const more = sentences.slice(2)
  return html`<header class="wrap">
    <div class="brand">
      <b>sqlatency</b><span>${moment(run.startedAt)}</span><span class="run">run ${run.id}</span
      ><span class="space"></span>
      <span class="scripted"
        ><button type="button" class="button" id="theme">Theme: automatic</button>
        <button type="button" class="button" data-copy="markdown">Copy as Markdown</button></span
      >
    </div>
    <h1>${QUESTION}</h1>
    <p class="verdict">${sentences.slice(0, 2).map((one) => html`${sentence(one)} `)}</p>
    ${more.length === 0 ? null : html`<p class="verdict more">${more.map((one) => html`${sentence(one)} `)}</p>`}
    <ul class="facts">
      ${facts(view).map(([term, text]) => html`<li><b>${term}</b> ${text}</li>`)}
    </ul>
    <div class="keys">
      ${keyFigures(view).map(
        ({ value, label, detail }) =>
          html`<div class="key">
            <div class="value">${value}</div>
            <div class="label">${label}<br />${detail}</div>
          </div> `,
      )}
    </div>
    ${state(view)}
  </header> `
}

function sentence(pieces: Sentence): Content {
  return pieces.map((piece) =>
    typeof piece === 'string' ? unbroken(piece) : html`<strong>${unbroken(piece.strong)}</strong>`,
  )
}

/** No line breaks between a figure and its unit. */
function unbroken(text: string): string {
  return text.replace(/(\d) (?=(?:ns|µs|ms|s|%)(?!\w))/g, '$1\u00a0')
}

function facts(view: View): readonly (readonly [string, Content])[] {
  const { harness, plan, cells } = view.run
  const measured = cells.filter((cell) => cell.outcome === 'measured')
  return [
    ['Machine', ranOn(view.run)],
    ['Plan', `${plan.name}, ${plural(plan.rounds, 'round')}, order shuffled`],
    ['Operations timed', roughCount(view.operationsTimed)],
    ['Cells measured', `${count(measured.length)} of ${count(cells.length)}`],
    ['Harness', `${harness.version}${harness.commit === null ? '' : `, ${harness.commit.slice(0, 10)}`}`],
    [
      'Caveats',
      view.notes.length === 0
        ? 'no rule fired'
        : html`<a href="#caveats">${plural(view.notes.length, 'applies', 'apply')}</a>`,
    ],
  ]
}

/** What a reader must know before any figure: the run is not whole. */
function state(view: View): Content {
  const { status, cells } = view.run
  const failed = cells.filter((cell) => cell.outcome === 'failed').length
  const pending = cells.filter((cell) => cell.outcome === 'pending').length
  switch (status) {
    case 'complete':
      return null
    case 'partial':
      return note(
        html`<b>This run is partial.</b> ${plural(failed, 'cell')} failed; the reasons stand below each ranking.`,
      )
    case 'interrupted':
    case 'running':
      return note(
        html`<b>This run is not finished.</b> ${plural(pending, 'cell')} wait; <code>sqlatency run --resume</code> goes
          on.`,
      )
  }
}
