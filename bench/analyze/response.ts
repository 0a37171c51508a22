import type { BoundedQuantile, Quantile, ResponseEstimates, Round } from '../contract/index.ts'
import { boundedQuantiles } from './censored.ts'
import { hodgesLehmannLog } from './intervals.ts'
import { median, QUANTILES, quantiles, tooFew } from './quantiles.ts'

/** What one round of an open loop stored beside its service times. */
export interface OpenSamples {
  readonly waitNs: Float64Array
  /** At least how long the operations would have taken that were never issued. */
  readonly boundsNs: Float64Array
}

/**
 * Bounds of the operations that were never issued, from what is stored: their arrivals are the last ones.
 * @param gapNs from one intended time to the next
 */
export function boundsFrom(gapNs: Float64Array, unissued: number, endOfRunNs: number): Float64Array {
  const boundsNs = new Float64Array(unissued)
  const first = gapNs.length - unissued
  let intendedNs = 0
  for (let n = 0; n < gapNs.length; n += 1) {
    intendedNs += gapNs[n]!
    if (n >= first) boundsNs[n - first] = endOfRunNs - intendedNs
  }
  return boundsNs
}

export const responsesOf = (serviceNs: Float64Array, waitNs: Float64Array): Float64Array =>
  serviceNs.map((service, n) => service + waitNs[n]!)

/** Everything that a cell states of an open loop, over all of its rounds. */
export function responseEstimates(
  rounds: readonly Round[],
  serviceNs: readonly Float64Array[],
  samples: readonly OpenSamples[],
): ResponseEstimates {
  const open = rounds.flatMap((round) => (round.open === null ? [] : [round.open]))
  const sum = (of: (round: (typeof open)[number]) => number): number => open.reduce((total, one) => total + of(one), 0)
  const responses = serviceNs.map((part, n) => responsesOf(part, samples[n]!.waitNs))
  const bounds = samples.map(({ boundsNs }) => boundsNs)
  const counts = responses.map((part, n) => part.length + bounds[n]!.length)
  const [total, smallest] = [counts.reduce((a, b) => a + b, 0), Math.min(...counts)]
  const seconds = sum(({ timetableNs }) => timetableNs) / 1e9
  const offered = sum((one) => one.offered)
  const achieved = sum((one) => (one.achievedPerSecond * one.timetableNs) / 1e9)
  const medians = open.map(({ response }) => response.find(({ p }) => p === 0.5)!)
  const p50 = medians.some(({ atLeast }) => atLeast) ? null : hodgesLehmannLog(medians.map(({ ns }) => ns!))
  const pooled = boundedQuantiles(responses, bounds, [...QUANTILES, 1])
  const waits = samples.map(({ waitNs }) => waitNs)
  const waited = quantiles(waits, QUANTILES)
  const issued = serviceNs.reduce((most, part) => most + part.length, 0)
  const fewest = Math.min(...serviceNs.map((part) => part.length))
  return {
    offered,
    unissued: sum((one) => one.unissued),
    backlog: sum((one) => one.backlog),
    offeredPerSecond: offered / seconds,
    achievedPerSecond: achieved / seconds,
    // One stall at the end of one round is not a database that cannot keep up.
    saturated: open.filter(({ saturated }) => saturated).length > open.length / 2,
    p50: p50 === null ? null : { valueNs: p50.estimate, lowNs: p50.low, highNs: p50.high },
    quantiles: QUANTILES.map((p, n) => bounded(p, pooled[n]!, tooFew(p, total, smallest))),
    max: bounded(1, pooled.at(-1)!, false),
    wait: QUANTILES.map((p, n) => ({ p, ns: tooFew(p, issued, fewest) ? null : waited[n]! })),
    lateness: {
      p50Ns: median(open.map(({ lateness }) => at(lateness, 0.5)!)),
      p99Ns: largest(open.map(({ lateness }) => at(lateness, 0.99))),
      maxNs: largest(open.map(({ lateness }) => at(lateness, 1))) ?? 0,
    },
  }
}

const bounded = (
  p: number,
  { ns, atLeast }: { readonly ns: number; readonly atLeast: boolean },
  withheld: boolean,
): BoundedQuantile => ({ p, ns: withheld ? null : ns, atLeast: !withheld && atLeast })

const at = (among: readonly Quantile[], p: number): number | null => among.find((one) => one.p === p)?.ns ?? null

const largest = (values: readonly (number | null)[]): number | null =>
  values.reduce<number | null>(
    (most, value) => (value === null || most === null ? null : Math.max(most, value)),
    values.length === 0 ? null : 0,
  )
