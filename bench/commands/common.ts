import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { renderTerminal, reports } from '../../reports/index.ts'
import { judgeClaims } from '../analyze/claims.ts'
import { compare } from '../analyze/compare.ts'
import { studyDistance } from '../analyze/distance.ts'
import type { Claim, Comparison, ExitCode, FigureFile, Run } from '../contract/index.ts'
import { EXIT } from '../contract/index.ts'
import type { Left } from '../run/side-protocol.ts'
import type { Store } from '../run/store.ts'
import { loadRun } from '../run/store.ts'

/** Flags of every command that chooses what is run. */
export const choiceFlags = {
  config: {
    type: 'string',
    alias: 'c',
    description: 'Configuration file (default: sqlatency.config.ts here)',
    valueHint: 'file',
  },
  plan: {
    type: 'string',
    description: 'default (under six minutes), smoke, load, cold, distance, replicas, durable or relaxed; see `list`',
    valueHint: 'name',
  },
  backend: { type: 'string', description: 'Only these backends', valueHint: 'a,b' },
  scenario: { type: 'string', description: 'Only these scenarios', valueHint: 'a,b' },
  rounds: { type: 'string', description: 'Fresh processes a cell; 6 is the least for an interval', valueHint: 'n' },
  duration: { type: 'string', description: 'Time that a round measures', valueHint: '300ms' },
  'warm-up': { type: 'string', description: 'Time that a round warms up at most', valueHint: '1s' },
  scale: { type: 'string', description: 'Rows of every table, times this', valueHint: 'n' },
  seed: { type: 'string', description: 'Seed of data, questions and orders', valueHint: 'n' },
  markers: { type: 'string', description: 'Replication lag markers a backend; 0 for none', valueHint: 'n' },
  'write-rate': {
    type: 'string',
    description: 'Writes a second at the primary while lag is watched once more; 0 for none',
    valueHint: 'n',
  },
  durability: { type: 'string', description: 'durable (fsync at commit) or relaxed', valueHint: 'class' },
  region: { type: 'string', description: 'Name of this place, kept with the run', valueHint: 'name' },
  distances: {
    type: 'string',
    description: 'Measure every backend at these round trips too: milliseconds or names (`sqlatency list`)',
    valueHint: '1,5,20,60',
  },
  emulator: {
    type: 'string',
    description: 'How distances are emulated: auto (the best there is), netem, tun or relay',
    valueHint: 'name',
  },
  claims: {
    type: 'string',
    description: 'Files of published claims to hold the run against, beside those that ship (docs/claims.md)',
    valueHint: 'a.json,b.json',
  },
  output: { type: 'string', alias: 'o', description: 'Folder for results (default: results)', valueHint: 'folder' },
} as const

export const outputFlags = {
  json: { type: 'boolean', description: 'The run as JSON on stdout; everything else on stderr' },
  quiet: { type: 'boolean', description: 'No progress' },
} as const

const root = new URL('../../', import.meta.url)
/** From dist/bench/commands the package lies one folder further up. */
const packageFile = [new URL('package.json', root), new URL('../package.json', root)].find((url) => existsSync(url))!

export const packageFacts = JSON.parse(readFileSync(packageFile, 'utf8')) as {
  version: string
  engines: { node: string }
}

/** Of the harness's own checkout; null when it is an installed package. */
export function harnessCommit(): string | null {
  return existsSync(new URL('.git', root)) ? commitIn(fileURLToPath(root)) : null
}

/** Of the checkout that the command was called in. */
export function projectFacts(): Run['project'] {
  const commit = commitIn(process.cwd())
  return commit === null ? null : { commit }
}

function commitIn(cwd: string): string | null {
  try {
    const git = (...args: string[]): string =>
      execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
    return `${git('rev-parse', '--short=12', 'HEAD')}${git('status', '--porcelain', '--untracked-files=no') === '' ? '' : '+changes'}`
  } catch {
    return null
  }
}

/** A run with everything that is derived from it, and held against what others published. */
export function comparisonOf(run: Run, claims: readonly Claim[]): Comparison {
  const comparison = compare(run)
  return { ...comparison, claims: judgeClaims(comparison, claims) }
}

/** Writes every report beside the run. */
export function writeReports(comparison: Comparison, store: Store, figures: readonly FigureFile[] = []): Comparison {
  for (const report of reports) store.write(report.fileName, report.render(comparison, figures))
  return comparison
}

/** @param more what else was written there */
export function printComparison(comparison: Comparison, directory: string, more: readonly string[] = []): void {
  const { stdout } = process
  const color = stdout.isTTY && stdout.hasColors()
  stdout.write(
    renderTerminal(comparison, {
      width: stdout.columns ?? 120,
      color,
      files: ['report.html', ...more].map((name) => `${directory}/${name}`),
    }),
  )
}

export function exitCodeOf(run: Run): ExitCode {
  if (run.status === 'interrupted') return EXIT.interrupted
  return run.status === 'complete' ? EXIT.ok : EXIT.backend
}

/** A stored run with estimates, also when it was killed before it could make them. */
export function loadFinished(output: string, name: string): { run: Run; store: Store } {
  const { run, store } = loadRun(output, name)
  const estimated = {
    ...run,
    cells: run.cells.map((cell) => (cell.outcome === 'pending' ? store.estimated(cell) : cell)),
  }
  return { run: { ...estimated, distance: studyDistance(estimated) }, store }
}

/** What could not be taken away is said last, and a command that left something behind has not gone well. */
export class Leftovers {
  readonly #lines: string[] = []
  readonly add = ({ message, remedy }: Left): void => {
    this.#lines.push(`sqlatency: ${message} ${remedy}\n`)
  }

  tell(): void {
    for (const line of this.#lines) process.stderr.write(line)
    if (this.#lines.length > 0 && Number(process.exitCode ?? EXIT.ok) === EXIT.ok) process.exitCode = EXIT.backend
  }
}

const SAME_SIGNAL_MS = 500

const STOPPING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Aborts on the first Ctrl-C, or when the terminal is closed, so that servers end in order; the second Ctrl-C ends at once.
 * @param meanwhile what is done before the process ends
 */
export function interruptible(meanwhile = 'ending what was started'): { signal: AbortSignal; done(): void } {
  const controller = new AbortController()
  let stoppedAt = 0
  const stop = (by: NodeJS.Signals): void => {
    // Nobody reads any more, and what is written fails; that must not end the process before everything else has ended.
    if (by === 'SIGHUP') for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
    if (controller.signal.aborted) {
      // A terminal and a launcher may both pass on the same Ctrl-C, and a shell the closing of its terminal at any time.
      if (by !== 'SIGHUP' && performance.now() - stoppedAt > SAME_SIGNAL_MS) process.exit(EXIT.interrupted)
      return
    }
    stoppedAt = performance.now()
    process.stderr.write(`\nstopping: ${meanwhile} (again to stop at once)\n`)
    controller.abort()
  }
  for (const name of STOPPING) process.on(name, stop)
  return {
    signal: controller.signal,
    done() {
      for (const name of STOPPING) process.off(name, stop)
    },
  }
}
