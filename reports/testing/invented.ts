import type { Durability, Estimates, Round } from '../../bench/contract/index.ts'
import { seededRandom } from '../../bench/contract/index.ts'
import { inventedBins, inventedTimeline } from './over-time.ts'

/** Two-sided standard normal quantiles of the percentiles that a run stores, and a heavier tail beyond p95. */
const SHAPE = [
  [0.05, -1.645, 1],
  [0.25, -0.674, 1],
  [0.5, 0, 1],
  [0.75, 0.674, 1],
  [0.9, 1.282, 1],
  [0.95, 1.645, 1],
  [0.99, 2.326, 1.6],
  [0.999, 3.09, 5],
  [0.9999, 3.719, 9],
] as const

const CAUSES = ['unexplained', 'gc', 'runqueue'] as const

/** Rounds and estimates around a median, lognormal in the middle. Nothing was measured. */
export function invented(
  baseNs: number,
  rounds: number,
  operations: number,
  seed: readonly (number | string)[],
  durability: Durability | null,
  slow: boolean,
): { rounds: Round[]; estimates: Estimates } {
  const random = seededRandom(...seed)
  const sigma = 0.05 + random.real() * 0.06
  const perRound = slow ? Math.max(8, Math.round(operations / 20)) : operations
  const medians = Array.from({ length: rounds }, () => baseNs * (1 + (random.real() - 0.5) * 0.03))
  const total = perRound * rounds
  const sorted = medians.toSorted((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)] ?? baseNs
  const quantiles = SHAPE.map(([p, z, tail]) => ({
    p,
    ns: total * (1 - p) < 100 && p > 0.5 ? null : middle * Math.exp(z * sigma) * tail,
  }))
  const maxNs = middle * 31
  return {
    rounds: medians.map((p50Ns, repetition) => ({
      repetition,
      order: repetition % 3,
      startedAt: '2026-11-23T09:15:00.000Z',
      connectNs: 1.2e6,
      warmUp: { operations: 500, durationNs: 1e8, transientNs: 3e7, steady: true },
      operations: perRound,
      measuredNs: perRound * p50Ns * 1.04,
      p50Ns,
      p99Ns: null,
      driftRatio: 0.998,
      maxNs,
      errors: [],
      samples: `rounds/${repetition}.bin`,
      durability,
      rttNs: null,
      slow: {
        thresholdNs: p50Ns * 10,
        counts: { gc: 1, runqueue: 0, unexplained: 2 },
        worst: [{ index: 7, offsetNs: 9e6, durationNs: maxNs, cause: CAUSES[repetition % CAUSES.length]! }],
      },
      witnesses: {
        runqueueWaitNs: 1000,
        involuntarySwitches: 3,
        stealTicks: 0,
        load1: 0.4,
        gcCount: 2,
        gcNs: 4e5,
        eventLoop: { maxNs: 2e6, sumNs: 9e6 },
      },
      open: null,
    })),
    estimates: {
      operations: total,
      rounds,
      errors: seed[2] === 1 ? 3 : 0,
      p50: { valueNs: middle, lowNs: rounds < 6 ? null : sorted[1]!, highNs: rounds < 6 ? null : sorted.at(-2)! },
      quantiles,
      opening: [],
      meanNs: middle * 1.04,
      minNs: middle * 0.7,
      maxNs,
      operationsPerSecond: 1e9 / (middle * 1.04),
      roundSpread: (sorted.at(-1) ?? middle) / (sorted[0] ?? middle) - 1,
      histogram: inventedBins(middle, sigma, total, 24),
      timeline: inventedTimeline(medians, sigma, perRound),
      response: null,
    },
  }
}
