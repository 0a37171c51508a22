import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { outcomeCalled } from './outcome.js'
import { given } from './step.js'

/**
 * The comparison as Markdown, or what can be said without one.
 * @param {string} folder
 */
export function comparisonText(folder) {
  const path = join(folder, 'compare.md')
  if (existsSync(path)) return readFileSync(path, 'utf8').trim()
  const { title, meaning } = outcomeCalled(given('OUTCOME'))
  return `### sqlatency: ${title}\n\n${meaning}`
}

/** Page of the job's run, which holds its log, summary and artifacts. */
const runUrl = () =>
  `${given('GITHUB_SERVER_URL')}/${given('GITHUB_REPOSITORY')}/actions/runs/${given('GITHUB_RUN_ID')}`

/** Where everything else is. */
export function linksText() {
  const artifact = given('ARTIFACT_URL')
  const links = [`[log and summary](${runUrl()})`]
  if (artifact !== '') links.unshift(`[page and results](${artifact})`)
  return links.join(' · ')
}

/**
 * The beginning that fits, whole lines only; what was open is closed.
 * @param {string} text
 * @param {number} longest in UTF-16 units, of which a character has at least one
 * @param {string} instead takes the place of what is left out
 */
export function cut(text, longest, instead) {
  if (text.length <= longest) return text
  const ending = (/** @type {string} */ kept) => {
    const open = kept.split('<details>').length - kept.split('</details>').length
    return `${'\n\n</details>'.repeat(Math.max(0, open))}\n\n${instead}`
  }
  // The last line of the slice may be half of one.
  const lines = text.slice(0, longest).split('\n')
  while (lines.length > 0) {
    lines.pop()
    const kept = lines.join('\n').trimEnd()
    if (kept.length + ending(kept).length <= longest) return `${kept}${ending(kept)}`
  }
  return instead.slice(0, longest)
}
