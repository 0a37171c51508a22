import { SqlatencyError } from '../contract/index.ts'
import type { K6Timetable } from '../k6/write.ts'
import { offeredIn } from '../k6/write.ts'
import { durationNs, wholeNumber } from './flags.ts'
import type { Choices, Settings } from './settings.ts'
import { settle } from './settings.ts'

const DEFAULTS = { scenario: 'point-read', rate: '100', duration: '20s', 'warm-up': '2s', concurrency: '50' } as const

/** Flags of every command that lets k6 ask, or writes what it is to ask. */
export const k6Flags = {
  scenario: { type: 'string', description: `Scenarios to ask (${DEFAULTS.scenario})`, valueHint: 'a,b' },
  rate: { type: 'string', description: `Requests a second, evenly spaced (${DEFAULTS.rate})`, valueHint: 'n' },
  duration: { type: 'string', description: `How long each is asked (${DEFAULTS.duration})`, valueHint: '20s' },
  'warm-up': { type: 'string', description: `Before that, and in no figure (${DEFAULTS['warm-up']})`, valueHint: '2s' },
  concurrency: {
    type: 'string',
    description: `Virtual users of k6: most requests under way (${DEFAULTS.concurrency})`,
    valueHint: 'n',
  },
} as const

export function timetableOf(chosen: Choices): K6Timetable {
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

/** Each segment needs a virtual user. */
export function segmentsOf(flag: string, text: string, { virtualUsers }: K6Timetable): number {
  const segments = wholeNumber(flag, text, 1)
  if (segments <= virtualUsers) return segments
  throw new SqlatencyError(
    'USAGE',
    `${segments} segments cannot share ${virtualUsers} virtual users; raise --concurrency or lower ${flag}.`,
  )
}

/** What is said of the load is k6's, so the rest is settled without it. */
export async function settleForK6(chosen: Choices): Promise<Settings> {
  const { config, backend, scenario, scale, seed, durability, region, claims, output } = chosen
  const settings = await settle({
    config,
    backend,
    scenario: scenario ?? DEFAULTS.scenario,
    scale,
    seed,
    durability,
    region,
    claims,
    output,
    distances: '0',
  })
  const cold = settings.scenarios.find(({ start = 'warm' }) => start !== 'warm')
  if (cold !== undefined)
    throw new SqlatencyError('USAGE', `${cold.id} is of fresh processes, and k6 asks one that runs; leave it away.`)
  return settings
}
