import type { Arrivals, Config, PlannedLoad } from '../contract/index.ts'
import { SqlatencyError } from '../contract/index.ts'
import { CONCURRENCY, SWEEP } from '../plans/index.ts'
import { positiveNumber, unknownName, wholeNumber } from './flags.ts'

/** What a person may say about the load; the values are what was typed. */
export interface LoadChoices {
  readonly rate?: string | undefined
  readonly sweep?: boolean | undefined
  readonly arrivals?: string | undefined
  readonly concurrency?: string | undefined
}

export const loadFlags = {
  rate: { type: 'string', description: 'Open loop: operations arrive at this rate a second', valueHint: 'n' },
  sweep: { type: 'boolean', description: 'Open loop at 10, 30, 50, 70 and 90 % of what each cell can do' },
  arrivals: { type: 'string', description: 'Of an open loop: poisson (default) or constant', valueHint: 'kind' },
  concurrency: {
    type: 'string',
    description: `Most operations under way in an open loop (${CONCURRENCY}); without one, callers of the closed loop (1)`,
    valueHint: 'n',
  },
} as const

/** Flags go before the configuration file, and both before the plan. A rate and a sweep exclude each other. */
export function loadOf(base: PlannedLoad, flags: LoadChoices, config: Config): PlannedLoad {
  const spoken = flags.rate !== undefined || flags.sweep === true
  const rate = flags.rate === undefined ? undefined : positiveNumber('--rate', flags.rate)
  const ratePerSecond = spoken ? rate : config.rate
  const isSweep = (spoken ? flags.sweep : config.sweep) === true
  if (ratePerSecond !== undefined && isSweep)
    throw new SqlatencyError('USAGE', 'A sweep finds its rates itself, so --rate and --sweep exclude each other.')
  const asked =
    flags.concurrency === undefined ? config.concurrency : wholeNumber('--concurrency', flags.concurrency, 1)
  const chosen = flags.arrivals ?? config.arrivals
  const arrivals = chosen === undefined ? undefined : arrivalsOf(chosen)
  const open = { arrivals: arrivals ?? 'poisson', concurrency: asked ?? CONCURRENCY } as const
  if (ratePerSecond !== undefined) return { kind: 'open', ratePerSecond, ...open }
  if (isSweep || base.kind === 'sweep') return { ...(base.kind === 'sweep' ? base : SWEEP), ...open }
  if (arrivals !== undefined)
    throw new SqlatencyError('USAGE', 'Arrivals belong to an open loop, which --rate or --sweep asks for.')
  return asked === undefined ? base : { kind: 'closed', callers: asked }
}

function arrivalsOf(text: string): Arrivals {
  if (text === 'poisson' || text === 'constant') return text
  throw unknownName('kind of arrivals', text, ['poisson', 'constant'])
}
