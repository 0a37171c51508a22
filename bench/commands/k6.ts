import { defineCommand } from 'citty'
import type { Plan } from '../contract/index.ts'
import { rowCount, SqlatencyError } from '../contract/index.ts'
import { findK6 } from '../k6/binary.ts'
import { runWithK6 } from '../k6/run.ts'
import type { K6Timetable } from '../k6/write.ts'
import { offeredIn, writeScript } from '../k6/write.ts'
import { Store } from '../run/store.ts'
import { SESSIONS } from '../serve/faced.ts'
import {
  choiceFlags,
  comparisonOf,
  exitCodeOf,
  harnessCommit,
  interruptible,
  outputFlags,
  packageFacts,
  printComparison,
  projectFacts,
  writeReports,
} from './common.ts'
import { openDisplay } from './display.ts'
import { checkFlags, durationNs, wholeNumber } from './flags.ts'
import type { Choices, Settings } from './settings.ts'
import { settle, withEnvironment } from './settings.ts'

const { config, backend, scenario, scale, seed, durability, region, claims, output } = choiceFlags
const DEFAULTS = { scenario: 'point-read', rate: '100', duration: '20s', 'warm-up': '2s', concurrency: '50' } as const

const args = {
  config,
  backend,
  scenario: { ...scenario, description: `Scenarios to ask (${DEFAULTS.scenario})` },
  rate: { type: 'string', description: `Requests a second, evenly spaced (${DEFAULTS.rate})`, valueHint: 'n' },
  duration: { type: 'string', description: `How long each is asked (${DEFAULTS.duration})`, valueHint: '20s' },
  'warm-up': { type: 'string', description: `Before that, and in no figure (${DEFAULTS['warm-up']})`, valueHint: '2s' },
  concurrency: {
    type: 'string',
    description: `Virtual users of k6: most requests under way (${DEFAULTS.concurrency})`,
    valueHint: 'n',
  },
  sessions: {
    type: 'string',
    default: String(SESSIONS),
    description: 'Most sessions of a database that is a server; one in this process has one',
    valueHint: 'n',
  },
  'script-only': {
    type: 'string',
    description: 'Write the script and its questions here, and stop',
    valueHint: 'folder',
  },
  scale,
  seed,
  durability,
  region,
  claims,
  output,
  ...outputFlags,
} as const

export default defineCommand({
  meta: { name: 'k6', description: 'Let k6 ask backends through HTTP, as an edge function would' },
  args,
  async run({ args: flags, rawArgs }) {
    checkFlags(rawArgs, args)
    const chosen = withEnvironment(flags, process.env)
    const timetable = timetableOf(chosen)
    const sessions = wholeNumber('--sessions', flags.sessions, 1)
    // What is said of the load is k6's.
    const settings = await settle({
      config: chosen.config,
      backend: chosen.backend,
      scenario: chosen.scenario ?? DEFAULTS.scenario,
      scale: chosen.scale,
      seed: chosen.seed,
      durability: chosen.durability,
      region: chosen.region,
      claims: chosen.claims,
      output: chosen.output,
      distances: '0',
    })
    const cold = settings.scenarios.find(({ start = 'warm' }) => start !== 'warm')
    if (cold !== undefined)
      throw new SqlatencyError('USAGE', `${cold.id} is of fresh processes, and k6 asks one that runs; leave it away.`)
    if (flags['script-only'] !== undefined) {
      const count = rowCount(settings.plan.scale)
      const script = writeScript(flags['script-only'], settings.scenarios, timetable, { seed: settings.seed, count })
      process.stdout.write(`${script}\n`)
      return
    }
    if (chosen.backend === undefined)
      throw new SqlatencyError('USAGE', 'Name the backends that k6 is to ask with --backend.')
    await execute(settings, timetable, sessions, { json: flags.json === true, quiet: flags.quiet === true })
  },
})

function timetableOf(chosen: Choices): K6Timetable {
  const warmUp = chosen['warm-up'] ?? DEFAULTS['warm-up']
  const timetable: K6Timetable = {
    ratePerSecond: wholeNumber('--rate', chosen.rate ?? DEFAULTS.rate, 1),
    durationNs: durationNs('--duration', chosen.duration ?? DEFAULTS.duration),
    warmUpNs: warmUp === '0' ? 0 : durationNs('--warm-up', warmUp),
    virtualUsers: wholeNumber('--concurrency', chosen.concurrency ?? DEFAULTS.concurrency, 1),
  }
  if (offeredIn(timetable) < 1)
    throw new SqlatencyError('USAGE', 'Rate and duration leave no request to ask; raise one of them.')
  return timetable
}

async function execute(
  settings: Settings,
  timetable: K6Timetable,
  sessions: number,
  { json, quiet }: { readonly json: boolean; readonly quiet: boolean },
): Promise<void> {
  // Before anything is started.
  const k6 = await findK6()
  const interrupt = interruptible('keeping what was measured')
  const display = openDisplay({ quiet })
  try {
    const result = await runWithK6(
      {
        k6,
        timetable,
        sessions,
        run: {
          plan: planOf(settings.plan, timetable),
          seed: settings.seed,
          region: settings.region,
          backends: settings.backends,
          scenarios: settings.scenarios,
          scenarioModules: settings.catalogue.scenarioModules,
          configPath: settings.configPath,
          output: settings.output,
          // k6 takes several processors, and so do it, the face and a database together.
          pin: false,
          version: packageFacts.version,
          commit: harnessCommit(),
          project: projectFacts(),
          resume: null,
          signal: interrupt.signal,
          roundTimeoutMs: 0,
        },
      },
      display.listen,
    )
    display.close()
    const store = new Store(settings.output, result.id)
    const comparison = writeReports(comparisonOf(result, settings.claims), store)
    if (json) process.stdout.write(`${JSON.stringify(result)}\n`)
    else printComparison(comparison, store.directory)
    process.exitCode = exitCodeOf(result)
  } finally {
    display.close()
    interrupt.done()
  }
}

/** Nothing is measured in process. */
function planOf(plan: Plan, { durationNs: roundNs, warmUpNs, ratePerSecond, virtualUsers }: K6Timetable): Plan {
  return {
    ...plan,
    name: 'k6',
    rounds: 0,
    roundNs,
    warmUpNs,
    warmUpMostNs: warmUpNs,
    lagMarkers: 0,
    lagWritesPerSecond: 0,
    repeatShare: 0,
    load: { kind: 'open', ratePerSecond, arrivals: 'constant', concurrency: virtualUsers },
    rttsNs: [],
  }
}
