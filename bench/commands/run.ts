import { defineCommand } from 'citty'
import { loadText } from '../../reports/load.ts'
import type { Run } from '../contract/index.ts'
import { SqlatencyError } from '../contract/index.ts'
import { run } from '../run/run.ts'
import { loadRun } from '../run/store.ts'
import type { Loudness } from './carry-out.ts'
import { carryOut } from './carry-out.ts'
import { choiceFlags, outputFlags } from './common.ts'
import { checkFlags, durationNs } from './flags.ts'
import { loadFlags } from './load-choice.ts'
import type { Choices, Settings } from './settings.ts'
import { settle } from './settings.ts'

const args = {
  ...choiceFlags,
  ...loadFlags,
  resume: { type: 'string', description: 'Go on with a stored run (an id, or latest)', valueHint: 'id' },
  pin: {
    type: 'boolean',
    default: true,
    description: 'Pin client and servers to processors',
    negativeDescription: 'Do not pin',
  },
  'round-timeout': { type: 'string', default: '60s', description: 'A round that takes longer fails', valueHint: '60s' },
  'dry-run': { type: 'boolean', description: 'Show what would be measured, and stop' },
  ...outputFlags,
} as const

export default defineCommand({
  meta: { name: 'run', description: 'Measure backends and write the comparison' },
  args,
  async run({ args: flags, rawArgs }) {
    checkFlags(rawArgs, args)
    const stored = flags.resume === undefined ? null : loadRun(flags.output ?? 'results', flags.resume).run
    if (stored !== null && stored.sources.length > 0)
      throw new SqlatencyError('USAGE', `Run ${stored.id} was merged from others, so nothing can be added to it.`)
    if (stored !== null && stored.k6 !== null)
      throw new SqlatencyError('USAGE', `Run ${stored.id} was measured by k6; ask for it anew with \`sqlatency k6\`.`)
    const settings = stored === null ? await settle(flags) : await settleAgain(flags, stored)
    if (flags['dry-run'] === true) {
      process.stdout.write(describe(settings))
      return
    }
    const { json, quiet, pin, 'round-timeout': timeout } = flags
    await execute(settings, { json, quiet, pin, timeout, resume: stored })
  },
})

export interface Execution extends Loudness {
  readonly pin: boolean
  readonly timeout: string
  readonly resume: Run | null
}

/** Runs, reports, prints, and sets the exit code. */
export function execute(settings: Settings, { pin, timeout, resume, ...loudness }: Execution): Promise<void> {
  const roundTimeoutMs = durationNs('--round-timeout', timeout) / 1e6
  return carryOut(settings, loudness, (request, listen) => run({ ...request, pin, resume, roundTimeoutMs }, listen))
}

/** A run goes on as it began; only where results lie and who holds the passwords may be said anew. */
async function settleAgain(flags: Choices, stored: Run): Promise<Settings> {
  const settings = await settle({
    config: flags.config,
    claims: flags.claims,
    output: flags.output,
    durability: stored.plan.durability,
    backend: stored.backends
      .filter(({ movedFrom }) => movedFrom === null)
      .map((backend) => backend.id)
      .join(','),
    distances: stored.plan.rttsNs.map((ns) => ns / 1e6).join(',') || '0',
    emulator: emulatorOf(stored),
    scenario: stored.scenarios.map((scenario) => scenario.id).join(','),
    seed: String(stored.seed),
  })
  for (const backend of settings.backends) {
    const before = stored.backends.find((one) => one.id === backend.id)!.options
    for (const [name, value] of Object.entries(before)) {
      if (value === '***' || value === backend.options[name]) continue
      throw new SqlatencyError(
        'USAGE',
        `Option ${name} of ${backend.id} was ${String(value)} when the run began and is ${String(backend.options[name])} now.`,
      )
    }
  }
  return { ...settings, plan: stored.plan }
}

/** The flag sets it for all alike. */
function emulatorOf({ backends }: Run): string | undefined {
  const named = backends.flatMap(({ options }) => (typeof options.emulator === 'string' ? [options.emulator] : []))
  return new Set(named).size === 1 ? named[0] : undefined
}

function describe({ plan, seed, backends, scenarios }: Settings): string {
  const loads = plan.load.kind === 'sweep' ? 1 + plan.load.shares.length : 1
  const rounds = plan.rounds * backends.length * scenarios.length * loads
  return [
    `plan ${plan.name}: ${plan.rounds} rounds of ${plan.roundNs / 1e6} ms, warm-up ${plan.warmUpNs / 1e6} to ${plan.warmUpMostNs / 1e6} ms, scale ${plan.scale}, seed ${seed}, ${plan.durability}`,
    `backends (${backends.length}): ${backends.map((backend) => backend.id).join(', ')}`,
    `scenarios (${scenarios.length}): ${scenarios.map((scenario) => scenario.id).join(', ')}`,
    `load: ${loadText(plan.load)}`,
    `${rounds} rounds in all, at least ${Math.ceil((rounds * (plan.roundNs + plan.warmUpNs)) / 1e9)} s of measuring and warming up`,
    '',
  ].join('\n')
}
