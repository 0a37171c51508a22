import { isSaturated, openTimes, pace, unissuedBounds } from '../analyze/open-loop.ts'
import { boundedQuantiles } from '../analyze/censored.ts'
import { quantiles, TAIL_RULE } from '../analyze/quantiles.ts'
import { responsesOf } from '../analyze/response.ts'
import type { AsyncOperation, Load, OpenRound, Quantile, SyncOperation } from '../contract/index.ts'
import { seededRandom, SqlatencyError } from '../contract/index.ts'
import { timetable } from '../measure/arrivals.ts'
import { callersLoop } from '../measure/callers.ts'
import type { LoopBudget, Recording } from '../measure/closed-loop.ts'
import { closedLoop } from '../measure/closed-loop.ts'
import type { QuestionSource } from '../measure/draw.ts'
import { openLoop } from '../measure/open-loop.ts'

type OpenLoad = Extract<Load, { kind: 'open' }>
type Operation =
  | { readonly mode: 'sync'; readonly run: SyncOperation }
  | { readonly mode: 'async'; readonly run: AsyncOperation }

/** What an open loop recorded beside its service times; `OpenRound` without the names of its files. */
export interface OpenPart {
  readonly facts: Omit<OpenRound, 'waits' | 'arrivals'>
  readonly waitNs: Float64Array
  readonly gapNs: Float64Array
}

export interface LoadedRecording extends Recording {
  readonly open: OpenPart | null
}

/** A round of a low rate is made longer, so that enough arrives in it for a p90, but not without end. */
const LEAST_ARRIVALS = 100
const LONGEST_NS = 2e9
/** Time for what was left when the timetable ended, as a share of its length. */
const GRACE = 0.5

/** Runs operations as the load asks. Everybody gets the same arrivals: they are of this seed and the rate alone. */
export async function underLoad(
  load: Load,
  operation: Operation,
  source: QuestionSource,
  budget: LoopBudget,
  arrivalSeed: readonly (number | string)[],
): Promise<LoadedRecording> {
  if (load.kind === 'open') return inOpenLoop(load, operation, source, budget, arrivalSeed)
  if (load.callers === 1) return { ...(await closedLoop(operation, source, budget)), open: null }
  if (operation.mode === 'async')
    return { ...(await callersLoop(operation.run, source, budget, load.callers)), open: null }
  throw new SqlatencyError('ONE_CALLER', 'The driver answers in the calling thread, so one connection has one caller.')
}

async function inOpenLoop(
  { ratePerSecond, arrivals, concurrency }: OpenLoad,
  operation: Operation,
  source: QuestionSource,
  { durationNs, maxOperations }: LoopBudget,
  arrivalSeed: readonly (number | string)[],
): Promise<LoadedRecording> {
  const longerNs = Math.min(LONGEST_NS, (LEAST_ARRIVALS / ratePerSecond) * 1e9)
  const timetableNs = Math.min(Math.max(durationNs, longerNs), (maxOperations / ratePerSecond) * 1e9)
  const intendedNs = timetable({ ratePerSecond, arrivals, durationNs: timetableNs }, seededRandom(...arrivalSeed))
  const endOfRunNs = timetableNs * (1 + GRACE)
  const recording = await openLoop(operation, source, { intendedNs, concurrency, endOfRunNs })
  const { serviceNs, waitNs, gapNs, latenessNs } = openTimes(recording)
  const { offered, unissued, backlog, achieved } = pace(recording, timetableNs)
  const { errors, firstError } = recording
  const measuredNs = recording.endNs.reduce((last, end) => Math.max(last, end), 0)
  if (serviceNs.length === 0) return { durationsNs: serviceNs, measuredNs, errors, firstError, open: null }
  const response = [responsesOf(serviceNs, waitNs)]
  const facts: OpenPart['facts'] = {
    offered,
    timetableNs,
    endOfRunNs,
    offeredPerSecond: (offered / timetableNs) * 1e9,
    achievedPerSecond: (achieved / timetableNs) * 1e9,
    unissued,
    backlog,
    saturated: isSaturated({ offered, achieved }),
    response: boundedQuantiles(response, [unissuedBounds(recording)], PS).map(({ ns, atLeast }, n) =>
      hasTooFew(PS[n]!, serviceNs.length + unissued)
        ? { p: PS[n]!, ns: null, atLeast: false }
        : { p: PS[n]!, ns, atLeast },
    ),
    wait: quantilesOf(waitNs),
    lateness: quantilesOf(latenessNs),
  }
  return { durationsNs: serviceNs, measuredNs, errors, firstError, open: { facts, waitNs, gapNs } }
}

/** What a round tells of its distributions; all of it is in the samples. */
const PS = [0.5, 0.99, 1] as const

const quantilesOf = (values: Float64Array): Quantile[] =>
  quantiles([values], PS).map((ns, n) => ({ p: PS[n]!, ns: hasTooFew(PS[n]!, values.length) ? null : ns }))

const hasTooFew = (p: number, operations: number): boolean =>
  p === 0.99 && operations * (1 - p) < TAIL_RULE.perRound - 1e-9
