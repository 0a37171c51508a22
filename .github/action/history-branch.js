import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { asked, git } from './git.js'
import { Refusal, required } from './step.js'

/** By this file the branch is known to be ours; any other branch is left as it is. */
const MARK = '.sqlatency-history'
const README = `# History of sqlatency

\`runs/\` holds what was measured, \`index.html\` the newest run with the trend of all. The branch is one commit that is made anew by every
run, so that it never grows past the runs that it keeps. Nothing else is kept here.
`
const NAME = 'github-actions[bot]'
const EMAIL = '41898282+github-actions[bot]@users.noreply.github.com'
const IDENTITY = {
  GIT_AUTHOR_NAME: NAME,
  GIT_AUTHOR_EMAIL: EMAIL,
  GIT_COMMITTER_NAME: NAME,
  GIT_COMMITTER_EMAIL: EMAIL,
}

/**
 * The branch as it is now, in a folder of its own. The user's checkout keeps its files, index and branches.
 * @typedef {{ readonly name: string, readonly at: string, readonly folder: string, readonly env: NodeJS.ProcessEnv }} Branch
 */

/**
 * @param {string} name
 * @returns {Promise<Branch>}
 */
export async function bringBranch(name) {
  if ((await asked(['check-ref-format', '--branch', name])) === null)
    throw new Refusal(`"${name}" cannot be the name of a branch: give another \`history-branch\`.`)
  const at = await fetched(name)
  const place = mkdtempSync(join(required('RUNNER_TEMP'), 'sqlatency-branch-'))
  try {
    const folder = join(place, 'files')
    const env = {
      GIT_DIR: await git(['rev-parse', '--absolute-git-dir']),
      GIT_WORK_TREE: folder,
      GIT_INDEX_FILE: join(place, 'index'),
    }
    mkdirSync(folder)
    if (at !== '') {
      await git(['read-tree', '--reset', '-u', at], { env, cwd: folder })
      if (!existsSync(join(folder, MARK)))
        throw new Refusal(
          `The branch ${name} holds something else: give \`history-branch\` a name that nothing else has.`,
        )
    }
    return { name, at, folder, env }
  } catch (error) {
    rmSync(place, { recursive: true, force: true })
    throw error
  }
}

/**
 * The commit that was brought here; '' when there is no such branch. What origin names a moment before may be another one.
 * @param {string} name
 */
async function fetched(name) {
  if ((await headAtOrigin(name)) === '') return ''
  await git(['fetch', '--quiet', '--no-tags', '--depth=1', 'origin', `refs/heads/${name}`])
  return git(['rev-parse', 'FETCH_HEAD'])
}

/**
 * Makes the branch one commit with what lies in its folder.
 * @param {Branch} branch
 * @param {string} message
 * @returns {Promise<boolean>} false when somebody else was first, so that it has to be brought again
 */
export async function pushBranch({ name, at, folder, env }, message) {
  writeFileSync(join(folder, MARK), '')
  writeFileSync(join(folder, 'README.md'), README)
  const here = { env: { ...env, ...IDENTITY }, cwd: folder }
  await git(['add', '--all', '--force', '.'], here)
  const tree = await git(['write-tree'], here)
  const commit = await git(['commit-tree', tree, '-m', message], here)
  const lease = `--force-with-lease=refs/heads/${name}:${at}`
  try {
    await git(['push', '--quiet', lease, 'origin', `${commit}:refs/heads/${name}`])
    return true
  } catch (error) {
    if ((await headAtOrigin(name)) !== at) return false
    throw new Refusal(
      `The branch ${name} could not be pushed: give the job \`permissions: contents: write\`, and let actions/checkout keep its credentials. ${error instanceof Error ? error.message : ''}`,
    )
  }
}

/** @param {Branch} branch */
export const discard = ({ folder }) => rmSync(join(folder, '..'), { recursive: true, force: true })

/**
 * Its commit at origin; '' when there is no such branch.
 * @param {string} name
 */
async function headAtOrigin(name) {
  const [line = ''] = (await git(['ls-remote', 'origin', `refs/heads/${name}`])).split('\n')
  return line.split('\t', 1)[0] ?? ''
}
