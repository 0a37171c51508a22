import { createHash } from 'node:crypto'
import type { ChartData } from '../charts/data.ts'
import { QUESTION } from '../question.ts'
import type { ClientScripts } from './bundle.ts'
import type { Section } from './frame.ts'
import { section } from './frame.ts'
import type { Markup } from './markup.ts'
import { html, trusted } from './markup.ts'
import { pack, packText } from './pack.ts'
import { STYLE } from './style.ts'
import { sprite } from './swatch.ts'

/** Runs before anything is painted, so that what only scripts need does not flash. */
const EARLY = "document.documentElement.dataset.script='on'"

/** Puts the parts together. Nothing but the texts with a hash may style or run. */
export function page(parts: {
  readonly title: string
  readonly header: Markup
  readonly sections: readonly Section[]
  readonly foot: Markup
  readonly data: ChartData
  readonly run: string
  readonly scripts: ClientScripts
}): string {
  const policy = [
    "default-src 'none'",
    `script-src ${[EARLY, parts.scripts.loader, parts.scripts.main].map(hash).join(' ')}`,
    `style-src ${hash(STYLE)}`,
    'img-src data: blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta name="color-scheme" content="light dark" />
        <title>${QUESTION} · sqlatency ${parts.title}</title>
        <link rel="icon" href="data:," />
        ${element('style', STYLE)} ${element('script', EARLY)}
      </head>
      <body>
        ${sprite()}<a class="skip" href="#${parts.sections[0]?.id ?? 'content'}">Skip to the figures</a> ${parts.header}
        <nav aria-label="Sections">
          <div class="wrap">${parts.sections.map(({ id, label }) => html`<a href="#${id}">${label}</a> `)}</div>
        </nav>
        <noscript
          ><div class="wrap">
            <p class="note"><b>Scripts are off.</b> No chart is drawn; every figure is in the tables.</p>
          </div></noscript
        >
        <main class="wrap" id="content">${parts.sections.map(section)}</main>
        <footer class="wrap">
          Made by sqlatency from run ${parts.title}. One file, no request to the network. Charts: Chart.js, MIT licence.
        </footer>
        ${parts.foot}
        <div id="live" class="unseen" aria-live="polite"></div>
        <div id="toast" role="status"></div>
        ${packed('data', pack(parts.data))} ${packed('run', parts.run)} ${packed('code', packText(parts.scripts.main))}
        ${element('script', parts.scripts.loader)}
      </body>
    </html> `.text
}

/** Not through `html`: the text must get into the page byte by byte, or its hash does not fit. */
function element(name: 'style' | 'script', text: string, attributes = ''): Markup {
  return trusted(`<${name}${attributes}>${text}</${name}>`)
}

const packed = (id: string, text: string): Markup => element('script', text, ` type="text/plain" id="${id}"`)

function hash(text: string): string {
  return `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`
}
