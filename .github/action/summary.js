import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { given, required, step } from './step.js'
import { comparisonText, linksText } from './text.js'

await step(() => {
  const folder = given('FOLDER')
  const complaint = `${folder}.complaint`
  const parts = [comparisonText(folder)]
  if (existsSync(complaint)) parts.push(quoted(readFileSync(complaint, 'utf8')))
  parts.push(linksText())
  appendFileSync(required('GITHUB_STEP_SUMMARY'), `${parts.join('\n\n')}\n`)
})

/**
 * Words of a database, a build or a branch are no Markdown.
 * @param {string} text
 */
function quoted(text) {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}text\n${text}\n${fence}`
}
