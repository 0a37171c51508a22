import { join } from 'node:path'
import { defineCommand } from 'citty'
import type { Plan } from '../contract/index.ts'
import { rowCount, SqlatencyError } from '../contract/index.ts'
import { findK6 } from '../k6/binary.ts'
import { readPlan } from '../k6/outputs.ts'
import { runFromOutputs } from '../k6/read.ts'
import { runWithK6 } from '../k6/run.ts'
import type { K6Timetable } from '../k6/write.ts'
import { writeScript } from '../k6/write.ts'
import { SESSIONS } from '../serve/faced.ts'
import { carryOut } from './carry-out.ts'
import { choiceFlags, outputFlags } from './common.ts'
import { checkFlags, wholeNumber } from './flags.ts'
import { k6Flags, segmentsOf, settleForK6, timetableOf } from './k6-choice.ts'
import { withEnvironment } from './settings.ts'

const { config, backend, scale, seed, durability, region, claims, output } = choiceFlags

const args = {
  config,
  backend,
  ...k6Flags,
  segments: {
    type: 'string',
    default: '1',
    description: 'Processes of k6 that share the load of each, started together',
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
  read: {
    type: 'string',
    description: 'Run no k6 and read the outputs that it left elsewhere from here',
    valueHint: 'folder',
  },
  probe: {
    type: 'string',
    default: join('k8s', 'probe'),
    description: 'With --read: the script that k6 was given there',
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
    const written = flags.read === undefined ? null : readPlan(flags.probe)
    const given = withEnvironment(flags, process.env)
    const chosen = { ...given, scenario: given.scenario ?? written?.scenarios.join(',') }
    const timetable = written?.timetable ?? timetableOf(chosen)
    const segments = segmentsOf('--segments', flags.segments, timetable)
    const sessions = wholeNumber('--sessions', flags.sessions, 1)
    const settings = await settleForK6(chosen)
    if (flags['script-only'] !== undefined) {
      const count = rowCount(settings.plan.scale)
      const script = writeScript(flags['script-only'], settings.scenarios, timetable, { seed: settings.seed, count })
      process.stdout.write(`${script}\n`)
      return
    }
    if (chosen.backend === undefined)
      throw new SqlatencyError('USAGE', 'Name the backends that k6 is to ask with --backend.')
    const { read } = flags
    if (read !== undefined && settings.backends.length > 1)
      throw new SqlatencyError('USAGE', 'Outputs of k6 are of one backend; name the one with --backend.')
    const planned = { ...settings, plan: planOf(settings.plan, timetable) }
    await carryOut(planned, flags, async (request, listen) => {
      // k6 takes several processors, and so do it, the face and a database together.
      const run = { ...request, pin: false, resume: null, roundTimeoutMs: 0 }
      return read === undefined
        ? runWithK6({ k6: await findK6(), timetable, segments, sessions, run }, listen)
        : runFromOutputs({ folder: read, timetable, segments, run })
    })
  },
})

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
