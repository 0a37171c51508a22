import { appendFileSync, copyFileSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { bringBranch, discard, pushBranch } from './history-branch.js'
import { flags, sqlatency } from './sqlatency.js'
import { annotate, given, Refusal, required, step } from './step.js'

/** Jobs that end at the same time push in turns. */
const TRIES = 5

await step(async () => {
  const most = Number(given('INPUT_HISTORY_RUNS'))
  if (!Number.isSafeInteger(most) || most < 1)
    throw new Refusal('The input `history-runs` is a whole number of at least 1.')
  const name = given('INPUT_HISTORY_BRANCH')
  // Before anything is measured: whether there is a place to keep it.
  discard(await bringBranch(name))
  const { code, run } = await measure()
  if (run === null) {
    annotate('error', `The run ended with exit code ${code}, so nothing is kept.`)
    process.exitCode = code ?? 1
    return
  }
  for (let tries = 1; ; tries += 1) {
    const branch = await bringBranch(name)
    try {
      await keep(run, branch.folder, most)
      if (await pushBranch(branch, `Keep run ${run.id}`)) return tell(name, branch.folder)
    } finally {
      discard(branch)
    }
    if (tries === TRIES) throw new Refusal(`Others kept pushing to ${name}: run this job again.`)
  }
})

/** A run that was stored, whole or with a backend missing; null when there is nothing to keep. */
async function measure() {
  const output = join(given('FOLDER'), 'run')
  const { code } = await sqlatency([
    'run',
    ...flags({
      plan: given('INPUT_HISTORY_PLAN'),
      config: given('INPUT_CONFIG'),
      backend: given('INPUT_BACKEND'),
      scenario: given('INPUT_SCENARIO'),
      scale: given('INPUT_SCALE'),
      output,
    }),
  ])
  if (code !== 0 && code !== 3) return { code, run: null }
  if (code === 3) annotate('warning', 'A backend is missing from this run, or failed in it; the others are kept.')
  rmSync(join(output, 'latest'), { force: true })
  const [id] = readdirSync(output)
  return { code, run: id === undefined ? null : { id, file: join(output, id, 'run.json') } }
}

/**
 * Adds the run, takes away the oldest, and draws the page once more.
 * @param {{ readonly id: string, readonly file: string }} run
 * @param {string} folder
 * @param {number} most
 */
async function keep({ id, file }, folder, most) {
  const runs = join(folder, 'runs')
  mkdirSync(join(runs, id), { recursive: true })
  copyFileSync(file, join(runs, id, 'run.json'))
  // Ids begin with their time.
  for (const old of readdirSync(runs).sort().slice(0, -most)) rmSync(join(runs, old), { recursive: true })
  const commitUrl = `${given('GITHUB_SERVER_URL')}/${given('GITHUB_REPOSITORY')}/commit/%s`
  const choices = flags({ config: given('INPUT_CONFIG'), history: runs, 'commit-url': commitUrl })
  const { code } = await sqlatency(['report', join(runs, id), ...choices], { result: 'dropped' })
  if (code !== 0) throw new Refusal(`The page of the trend could not be written (exit code ${code}); the log says why.`)
  renameSync(join(runs, id, 'report.html'), join(folder, 'index.html'))
  rmSync(join(runs, id, 'report.md'))
}

/**
 * @param {string} name
 * @param {string} folder
 */
function tell(name, folder) {
  copyFileSync(join(folder, 'index.html'), join(given('FOLDER'), 'history.html'))
  const kept = readdirSync(join(folder, 'runs')).length
  const tree = `${given('GITHUB_SERVER_URL')}/${given('GITHUB_REPOSITORY')}/tree/${encodeURI(name)}`
  const text = `### sqlatency: history\n\n${kept} run${kept === 1 ? '' : 's'} on [${name.replaceAll(/[\\`*_<>|\]]/g, '\\$&')}](${tree}); the trend is history.html of the artifact.\n`
  appendFileSync(required('GITHUB_STEP_SUMMARY'), text)
}
