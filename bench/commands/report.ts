import { join, resolve } from 'node:path'
import { defineCommand } from 'citty'
import { reports } from '../../reports/index.ts'
import { GATE_DEFAULTS } from '../analyze/gate.ts'
import { historyOf } from '../analyze/history.ts'
import type { Comparison, Run } from '../contract/index.ts'
import { messageOf, SqlatencyError } from '../contract/index.ts'
import { compareStored } from '../run/compare-stored.ts'
import type { Store } from '../run/store.ts'
import { listRuns } from '../run/store.ts'
import { configuredClaims } from './claims-file.ts'
import { choiceFlags, comparisonOf, loadFinished, printComparison, writeReports } from './common.ts'
import { FIGURES_FOLDER, writeFigures } from './figures.ts'
import { checkFlags, unknownName } from './flags.ts'
import { DEFAULT_OUTPUT } from './settings.ts'

const args = {
  run: { type: 'positional', required: false, default: 'latest', description: 'Id or folder of a stored run' },
  later: {
    type: 'positional',
    required: false,
    description: 'A later run; then the report is of this one, held against the first',
  },
  history: { type: 'string', description: 'Show the trend over all runs of this folder', valueHint: 'folder' },
  reference: {
    type: 'string',
    description: 'Backend that a trend is held against (default: the one in most runs)',
    valueHint: 'backend',
  },
  'commit-url': {
    type: 'string',
    description: 'Where a commit can be looked at, with %s for its hash',
    valueHint: 'https://...%s',
  },
  config: choiceFlags.config,
  claims: choiceFlags.claims,
  output: choiceFlags.output,
  figures: { type: 'boolean', description: 'Draw every chart as SVG and PNG too, and a picture for links' },
  theme: { type: 'string', default: 'light', description: 'Of the figures: light or dark', valueHint: 'name' },
  open: { type: 'boolean', description: 'Open the page in a browser' },
  format: { type: 'string', description: 'Print one to stdout: html, markdown or json', valueHint: 'name' },
} as const

export default defineCommand({
  meta: { name: 'report', description: 'Write the reports of a stored run once more, alone or beside earlier ones' },
  args,
  async run({ args: flags, rawArgs }) {
    checkFlags(rawArgs, args)
    const output = flags.output ?? flags.history ?? DEFAULT_OUTPUT
    const { run, store } = loadFinished(output, flags.later ?? flags.run)
    const comparison: Comparison = {
      ...comparisonOf(run, await configuredClaims(flags)),
      baseline:
        flags.later === undefined ? null : compareStored(loadFinished(output, flags.run).run, run, GATE_DEFAULTS),
      history: flags.history === undefined ? null : history(flags.history, run, flags.reference, flags['commit-url']),
    }
    if (flags.format === undefined) {
      await write(comparison, store, flags.figures === true ? flags.theme : null)
      if (flags.open === true) await showInBrowser(join(store.directory, 'report.html'))
      return
    }
    if (flags.figures === true)
      throw new SqlatencyError('USAGE', '--figures writes files and --format prints one report; ask for one of them.')
    if (flags.format === 'json') {
      process.stdout.write(`${JSON.stringify(run, null, 1)}\n`)
      return
    }
    const report = reports.find((one) => one.id === flags.format)
    if (report === undefined) throw unknownName('format', flags.format, [...reports.map((one) => one.id), 'json'])
    process.stdout.write(report.render(comparison))
  },
})

/** @param theme of the figures; null for none */
async function write(comparison: Comparison, store: Store, theme: string | null): Promise<void> {
  const figures = theme === null ? [] : await writeFigures(comparison, store, theme)
  if (theme !== null && figures.length === 0)
    process.stderr.write('no figure was drawn: this run has nothing to draw\n')
  const folders = figures.length === 0 ? [] : [`${FIGURES_FOLDER}/`]
  printComparison(writeReports(comparison, store, figures), store.directory, folders)
}

/** By whatever opens pages on this machine. It is on its own from then on. */
async function showInBrowser(page: string): Promise<void> {
  // A run has no use for it, and starts the sooner.
  const { default: open } = await import('open')
  await open(resolve(page))
}

/** This run and those before it. What cannot be read is named and left out: an archive outlives its formats. */
function history(folder: string, newest: Run, reference?: string, commitUrl?: string): Comparison['history'] {
  if (commitUrl !== undefined && !/^https?:\/\/.*%s/.test(commitUrl))
    throw new SqlatencyError(
      'USAGE',
      `--commit-url is "${commitUrl}"; it is an http(s) address with %s for the commit.`,
    )
  if (reference !== undefined && !newest.backends.some(({ id }) => id === reference))
    throw unknownName(
      'backend',
      reference,
      newest.backends.map(({ id }) => id),
    )
  const earlier = listRuns(folder).flatMap((id) => {
    try {
      const { run } = loadFinished(folder, id)
      return run.id !== newest.id && run.startedAt <= newest.startedAt ? [run] : []
    } catch (error) {
      process.stderr.write(`left out ${id}: ${messageOf(error)}\n`)
      return []
    }
  })
  return historyOf([...earlier, newest], {
    ...(reference === undefined ? {} : { reference }),
    ...(commitUrl === undefined ? {} : { commitUrl }),
  })
}
