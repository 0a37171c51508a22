import { asked, git } from './git.js'
import { Refusal } from './step.js'

/**
 * What a pull request is compared with.
 * @typedef {{ readonly pull_request?: { readonly number?: number, readonly base?: { readonly sha?: string } } }} Event
 */

/**
 * The commit to compare with, brought here if the checkout is too shallow to have it; null when there is nothing to compare.
 * @param {string} named by the action's input
 * @param {Event} event
 */
export async function baseCommit(named, event) {
  if (named !== '') return present(named)
  const offered = event.pull_request?.base?.sha
  if (offered === undefined) return null
  // The checkout of a pull request is a merge commit; its first parent is exactly what would be merged into.
  return present((await parents('HEAD')).length === 2 ? (await parents('HEAD'))[0] : offered)
}

/**
 * Of the commit as it is stored: a shallow checkout hides them from `HEAD^1`.
 * @param {string} ref
 */
async function parents(ref) {
  const [header = ''] = (await git(['cat-file', 'commit', ref])).split('\n\n', 1)
  return [...header.matchAll(/^parent ([0-9a-f]+)$/gm)].map(([, hash = '']) => hash)
}

/** @param {string | undefined} ref */
async function present(ref = '') {
  const here = await commitOf(ref)
  if (here !== null) return here
  const isName = /^\w[\w./-]*$/.test(ref)
  const fetched = isName ? await asked(['fetch', '--quiet', '--no-tags', '--depth=1', 'origin', ref]) : null
  const there = fetched === null ? null : await commitOf('FETCH_HEAD')
  if (there === null)
    throw new Refusal(
      `There is no commit "${ref}" here nor at origin: give another \`base\`, or check out with \`fetch-depth: 0\`.`,
    )
  return there
}

/** @param {string} ref */
const commitOf = (ref) => asked(['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`])

const CONFIGS = ['sqlatency.config.ts', 'sqlatency.config.js', 'sqlatency.config.mjs']

/**
 * Whether the configuration comes with this change, so that there is nothing before it to compare with.
 * @param {string} base
 * @param {string} head
 * @param {string} config of the action's input; empty for those that are found by their name
 */
export async function isNew(base, head, config) {
  const names = config === '' ? CONFIGS : [config]
  const has = async (/** @type {string} */ ref) =>
    (await Promise.all(names.map((name) => asked(['cat-file', '-e', `${ref}:./${name}`])))).some((out) => out !== null)
  return !(await has(base)) && (await has(head))
}
