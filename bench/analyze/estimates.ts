import type { Estimates, Load, Round } from '../contract/index.ts'
import { ONE_CALLER } from '../contract/index.ts'
import { histogram } from './histogram.ts'
import { hodgesLehmannLog } from './intervals.ts'
import { QUANTILES, quantiles, tooFew } from './quantiles.ts'
import type { OpenSamples } from './response.ts'
import { responseEstimates } from './response.ts'
import { timeline } from './timeline.ts'

/**
 * Everything that a cell states, from its rounds and their raw latencies.
 * The interval is computed from the rounds and never from operations: operations of one process are not independent,
 * and an interval from them covers the truth about one time in five (docs/method.md).
 * @param open the other samples of the same rounds, for an open loop
 */
export function estimate(
  rounds: readonly Round[],
  samplesNs: readonly Float64Array[],
  open: readonly OpenSamples[] = [],
  load: Load = ONE_CALLER,
): Estimates {
  const operations = samplesNs.reduce((sum, part) => sum + part.length, 0)
  const smallestRound = Math.min(...samplesNs.map((part) => part.length))
  const pooled = quantiles(samplesNs, QUANTILES)
  const medians = rounds.map((round) => round.p50Ns)
  const p50 = hodgesLehmannLog(medians)
  const { sum, min, max } = extremes(samplesNs)
  const measuredNs = rounds.reduce((total, round) => total + round.measuredNs, 0)
  return {
    operations,
    rounds: rounds.length,
    errors: rounds.flatMap((round) => round.errors).reduce((total, { count }) => total + count, 0),
    p50: { valueNs: p50.estimate, lowNs: p50.low, highNs: p50.high },
    quantiles: QUANTILES.map((p, n) => ({ p, ns: tooFew(p, operations, smallestRound) ? null : pooled[n]! })),
    opening: opening(rounds, samplesNs),
    meanNs: sum / operations,
    minNs: min,
    maxNs: max,
    operationsPerSecond: (operations / measuredNs) * 1e9,
    roundSpread: Math.max(...medians) / Math.min(...medians) - 1,
    histogram: histogram(samplesNs),
    timeline: load.kind === 'closed' && load.callers === 1 ? timeline(rounds, samplesNs) : null,
    response: open.length === 0 ? null : responseEstimates(rounds, samplesNs, open),
  }
}

/** Places in a cold start that tell how it goes. */
const PLACES = [1, 2, 3, 10, 30, 100] as const

function opening(rounds: readonly Round[], samplesNs: readonly Float64Array[]): Estimates['opening'] {
  if (rounds.some(({ warmUp }) => warmUp.operations > 0)) return []
  const shortest = Math.min(...samplesNs.map((part) => part.length))
  return PLACES.filter((nth) => nth <= shortest).map((nth) => {
    const { estimate: valueNs, low: lowNs, high: highNs } = hodgesLehmannLog(samplesNs.map((part) => part[nth - 1]!))
    return { nth, estimate: { valueNs, lowNs, highNs } }
  })
}

function extremes(parts: readonly Float64Array[]): { sum: number; min: number; max: number } {
  let [sum, min, max] = [0, Infinity, 0]
  for (const part of parts) {
    for (let n = 0; n < part.length; n += 1) {
      const value = part[n]!
      sum += value
      if (value < min) min = value
      if (value > max) max = value
    }
  }
  return { sum, min, max }
}
