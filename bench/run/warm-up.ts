import { LEAST_OPERATIONS, steadiness } from '../analyze/steady.ts'
import type { WarmUp } from '../contract/index.ts'
import type { Operation } from '../measure/closed-loop.ts'
import { closedLoop } from '../measure/closed-loop.ts'
import type { QuestionSource } from '../measure/draw.ts'

export interface WarmUpBudget {
  readonly warmUpNs: number
  readonly warmUpMostNs: number
  readonly maxOperations: number
}

/** Durations in time order, a piece for every extension. */
export interface Warmed {
  readonly partsNs: readonly Float64Array[]
  readonly durationNs: number
}

/** Of a cold start. */
export const NOT_WARMED: Warmed = { partsNs: [], durationNs: 0 }

const MOST_DOUBLINGS = 8
/** Code that is not compiled yet, or a file that still grows, may be so many times slower than it is going to be. */
const MAY_SPEED_UP = 8

/**
 * Runs operations that do not count until they are steady: as long as MSER-5 cuts off more than a third of them, or the last
 * third differs from the middle one, the time is doubled, up to eight times and as far as the budget goes. So a process that
 * found its steady state ran three times its own transient. Each process decides for itself, because what one needs another
 * may not; where operations are so slow that the whole budget would hold too few to tell, it is not spent.
 */
export async function warmUp(operation: Operation, source: QuestionSource, budget: WarmUpBudget): Promise<Warmed> {
  const partsNs: Float64Array[] = []
  let [durationNs, operations, wantedNs] = [0, 0, budget.warmUpNs]
  for (let doublings = 0; ; doublings += 1) {
    // What comes next depends on what was seen.
    // oxlint-disable-next-line no-await-in-loop
    const piece = await closedLoop(operation, source, {
      durationNs: wantedNs - durationNs,
      maxOperations: budget.maxOperations,
      minOperations: 1,
    })
    if (piece.durationsNs.length === 0) throw piece.firstError
    partsNs.push(piece.durationsNs)
    durationNs += piece.measuredNs
    operations += piece.durationsNs.length
    if (doublings === MOST_DOUBLINGS || 2 * wantedNs > budget.warmUpMostNs) break
    if ((operations / durationNs) * budget.warmUpMostNs * MAY_SPEED_UP < LEAST_OPERATIONS) break
    if (steadiness(partsNs)?.steady === true) break
    wantedNs *= 2
  }
  return { partsNs, durationNs }
}

/**
 * The measurement is the last and longest extension: whether the steady state began before it is judged on both together,
 * to one batch of windows.
 */
export function judgeWarmUp({ partsNs, durationNs }: Warmed, measuredNs: Float64Array): WarmUp {
  const operations = partsNs.reduce((sum, part) => sum + part.length, 0)
  const found = operations === 0 ? null : steadiness([...partsNs, measuredNs])
  const steady = found === null ? null : found.steady && found.cut <= operations + found.resolution
  return {
    operations,
    durationNs,
    transientNs: found !== null && steady === true ? timeOf([...partsNs, measuredNs], found.cut) : null,
    steady,
  }
}

/** How long so many operations took. */
function timeOf(partsNs: readonly Float64Array[], operations: number): number {
  let [left, sum] = [operations, 0]
  for (const part of partsNs) {
    for (let n = 0; n < part.length && left > 0; n += 1, left -= 1) sum += part[n]!
  }
  return sum
}
