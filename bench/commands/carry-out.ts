import type { Run } from '../contract/index.ts'
import type { RunRequest } from '../run/context.ts'
import type { Listener } from '../run/progress.ts'
import { Store } from '../run/store.ts'
import {
  comparisonOf,
  exitCodeOf,
  harnessCommit,
  interruptible,
  Leftovers,
  packageFacts,
  printComparison,
  projectFacts,
  writeReports,
} from './common.ts'
import { openDisplay } from './display.ts'
import type { Settings } from './settings.ts'

export interface Loudness {
  readonly json?: boolean | undefined
  readonly quiet?: boolean | undefined
}

/** What every request of a command has in common. */
export type CommonRequest = Omit<RunRequest, 'pin' | 'resume' | 'roundTimeoutMs'>

/** Makes a run that Ctrl-C ends with what was measured, writes its reports, prints it, and sets the exit code. */
export async function carryOut(
  settings: Settings,
  { json, quiet }: Loudness,
  make: (request: CommonRequest, listen: Listener) => Promise<Run>,
): Promise<void> {
  const interrupt = interruptible('keeping what was measured')
  const display = openDisplay({ quiet: quiet === true })
  const left = new Leftovers()
  const listen: Listener = (event) => (event.kind === 'clean-up-failed' ? left.add(event.error) : display.listen(event))
  const request: CommonRequest = {
    plan: settings.plan,
    seed: settings.seed,
    region: settings.region,
    backends: settings.backends,
    scenarios: settings.scenarios,
    scenarioModules: settings.catalogue.scenarioModules,
    configPath: settings.configPath,
    output: settings.output,
    version: packageFacts.version,
    commit: harnessCommit(),
    project: projectFacts(),
    signal: interrupt.signal,
  }
  try {
    let result: Run
    try {
      result = await make(request, listen)
    } finally {
      display.close()
      interrupt.done()
    }
    const store = new Store(settings.output, result.id)
    const comparison = writeReports(comparisonOf(result, settings.claims), store)
    if (json === true) process.stdout.write(`${JSON.stringify(result)}\n`)
    else printComparison(comparison, store.directory)
    process.exitCode = exitCodeOf(result)
  } finally {
    left.tell()
  }
}
