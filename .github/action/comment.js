import { readFileSync } from 'node:fs'
import { Denied, patiently, request } from './github.js'
import { annotate, given, required, step } from './step.js'
import { comparisonText, cut, linksText } from './text.js'

/** GitHub refuses comments that are longer. */
const LONGEST = 65_536
const PAGE = 100

/** @typedef {{ id: number, body?: string, user?: { login?: string, type?: string } | null }} Comment */

await step(async () => {
  const event = JSON.parse(readFileSync(required('GITHUB_EVENT_PATH'), 'utf8'))
  const issue = `/repos/${required('GITHUB_REPOSITORY')}/issues`
  const marker = `<!-- sqlatency:${given('INPUT_ID')} -->`
  try {
    const body = bodyOf(marker)
    const isNew = await patiently(async () => {
      const before = await ours(`${issue}/${event.pull_request.number}/comments`, marker)
      if (before === undefined) await request('POST', `${issue}/${event.pull_request.number}/comments`, { body })
      else await request('PATCH', `${issue}/comments/${before.id}`, { body })
      return before === undefined
    })
    process.stdout.write(isNew ? 'Commented.\n' : 'The comment is up to date.\n')
  } catch (error) {
    // The verdict is known and in the summary; a comment that cannot be written must not hide it.
    if (error instanceof Denied && [401, 403, 404].includes(error.status)) annotate('notice', whyNot(event))
    else annotate('warning', `The comment could not be written: ${error instanceof Error ? error.message : 'unknown'}`)
  }
})

/**
 * The comment that this action wrote before. Others may quote the marker; theirs are left alone.
 * @param {string} comments
 * @param {string} marker
 */
async function ours(comments, marker) {
  const login = await ownLogin()
  for (let page = 1; ; page += 1) {
    const found = /** @type {Comment[]} */ (await request('GET', `${comments}?per_page=${PAGE}&page=${page}`))
    const comment = found.find(
      ({ body, user }) =>
        body?.startsWith(marker) === true && (login === null ? user?.type === 'Bot' : user?.login === login),
    )
    if (comment !== undefined || found.length < PAGE) return comment
  }
}

/** Whom the token belongs to; null for a job's own token, which belongs to no person and may not ask. */
async function ownLogin() {
  try {
    return /** @type {{ login: string }} */ (await request('GET', '/user')).login
  } catch (error) {
    if (error instanceof Denied && error.status < 500) return null
    throw error
  }
}

/** @param {string} marker */
function bodyOf(marker) {
  const [before, after] = [`${marker}\n`, `\n\n${linksText()}\n`]
  const room = LONGEST - before.length - after.length
  return `${before}${cut(comparisonText(given('FOLDER')), room, 'This is the beginning; the rest is behind the links below.')}${after}`
}

/** @param {{ pull_request: { head?: { repo?: { full_name?: string } | null } } }} event */
function whyNot({ pull_request: { head } }) {
  const isFork = head?.repo?.full_name !== required('GITHUB_REPOSITORY')
  return isFork
    ? 'No comment: the token of a pull request from a fork can only read. The report is in the summary of this job.'
    : 'No comment: the token may not write it. Give the job `permissions: pull-requests: write`. The report is in the summary of this job.'
}
