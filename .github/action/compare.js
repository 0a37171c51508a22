import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { baseCommit, isNew } from './base.js'
import { outcomeOf } from './outcome.js'
import { flags, sqlatency } from './sqlatency.js'
import { annotate, given, output, Refusal, required, step } from './step.js'

await step(async () => {
  const eventName = required('GITHUB_EVENT_NAME')
  if (eventName === 'pull_request_target')
    throw new Refusal(
      'On `pull_request_target` the code of a stranger would run with a token that may write: use `on: pull_request`.',
    )
  const id = given('INPUT_ID')
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) throw new Refusal('The input `id` is a name in kebab-case, such as reads.')
  const folder = join(required('RUNNER_TEMP'), `sqlatency-${id}`)
  for (const before of [folder, `${folder}.complaint`]) rmSync(before, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  output({ folder })

  const event = JSON.parse(readFileSync(required('GITHUB_EVENT_PATH'), 'utf8'))
  const base = await baseCommit(given('INPUT_BASE'), event)
  if (base === null) {
    if (given('INPUT_HISTORY_BRANCH') === '')
      throw new Refusal(
        `There is nothing to compare on ${eventName}: give \`base\`, or \`history-branch\` to keep a run.`,
      )
    process.stdout.write(`Nothing to compare on ${eventName}.\n`)
    return
  }
  if (await isNew(base, given('INPUT_HEAD'), given('INPUT_CONFIG'))) {
    annotate('notice', 'The configuration is new with this change: there is nothing to compare it with yet.')
    return
  }
  await compare(base, folder)
})

/**
 * @param {string} base
 * @param {string} folder
 */
async function compare(base, folder) {
  const { code, complaint } = await sqlatency([
    'compare',
    ...flags({
      base,
      head: given('INPUT_HEAD'),
      build: given('INPUT_BUILD'),
      config: given('INPUT_CONFIG'),
      backend: given('INPUT_BACKEND'),
      scenario: given('INPUT_SCENARIO'),
      durability: given('INPUT_DURABILITY'),
      duration: given('INPUT_DURATION'),
      scale: given('INPUT_SCALE'),
      alpha: given('INPUT_ALPHA'),
      threshold: given('INPUT_THRESHOLD'),
      'pairs-max': given('INPUT_PAIRS_MAX'),
      output: folder,
    }),
  ])
  // For the job's summary, where GitHub masks secrets as it does in the log; in an artifact it would not.
  if (complaint !== '') writeFileSync(`${folder}.complaint`, complaint)
  const { word } = outcomeOf(code)
  output({ outcome: word, 'exit-code': String(code ?? 1) })
  await settleIn(folder)
}

/**
 * The comparison's folder has a name of its own; whoever opens the artifact finds everything at its top.
 * @param {string} folder
 */
async function settleIn(folder) {
  const made = readdirSync(folder).find((name) => name.startsWith('compare-'))
  if (made === undefined) return
  for (const name of readdirSync(join(folder, made))) renameSync(join(folder, made, name), join(folder, name))
  rmSync(join(folder, made), { recursive: true })
  // An artifact follows links, and would hold every run twice.
  for (const side of ['base', 'head', 'control']) rmSync(join(folder, side, 'latest'), { force: true })
  if (!readdirSync(folder).includes('compare.json')) return
  const { base, head } = JSON.parse(readFileSync(join(folder, 'compare.json'), 'utf8'))
  if (base.run === null || head.run === null) return
  const config = flags({ config: given('INPUT_CONFIG') })
  const runs = [base.run, head.run].map((run) => join(folder, run))
  const { code } = await sqlatency(['report', ...config, ...runs], { result: 'dropped' })
  if (code !== 0) annotate('warning', 'The page of the comparison could not be written; the verdict stands.')
  else renameSync(join(folder, head.run, 'report.html'), join(folder, 'report.html'))
}
