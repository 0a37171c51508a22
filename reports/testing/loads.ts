import type { MeasuredCell, ResponseEstimates } from '../../bench/contract/index.ts'

const SHARES = [0.1, 0.5, 0.9, 1.2] as const

/** Open loops at shares of what an invented closed loop did; the last is more than it can do. Nothing was measured. */
export function inventedLoads(closed: MeasuredCell): MeasuredCell[] {
  return SHARES.map((share): MeasuredCell => {
    const { estimates } = closed
    const ratePerSecond = share * estimates.operationsPerSecond
    const waiting = 1 / Math.max(0.02, 1 - share)
    const saturated = share > 1
    const seconds = 1e6 / ratePerSecond
    const response: ResponseEstimates = {
      offered: 1e6,
      unissued: saturated ? 120_000 : 0,
      backlog: saturated ? 170_000 : 12,
      offeredPerSecond: 1e6 / seconds,
      achievedPerSecond: (saturated ? 830_000 : 999_988) / seconds,
      saturated,
      p50: saturated
        ? null
        : { valueNs: estimates.p50.valueNs * waiting, lowNs: estimates.p50.lowNs, highNs: estimates.p50.highNs },
      quantiles: estimates.quantiles.map(({ p, ns }) => ({
        p,
        ns: ns === null ? null : ns * waiting * (1 + p),
        atLeast: saturated && p > 0.88 && ns !== null,
      })),
      max: { p: 1, ns: estimates.maxNs * waiting, atLeast: saturated },
      wait: estimates.quantiles.map(({ p, ns }) => ({ p, ns: ns === null ? null : ns * (waiting - 1) })),
      lateness: { p50Ns: 640, p99Ns: 210_000, maxNs: 1.4e6 },
    }
    const rounds = closed.rounds.map((round) => ({
      ...round,
      witnesses: { ...round.witnesses, runqueueWaitNs: share === 0.9 ? round.measuredNs * 0.04 : 0 },
      open: {
        offered: 1e6,
        timetableNs: seconds * 1e9,
        endOfRunNs: seconds * 1.5e9,
        offeredPerSecond: response.offeredPerSecond,
        achievedPerSecond: response.achievedPerSecond,
        unissued: response.unissued,
        backlog: response.backlog,
        saturated,
        response: [{ p: 0.5, ns: round.p50Ns * waiting, atLeast: false }, response.max],
        wait: [{ p: 0.5, ns: 20 }],
        lateness: [{ p: 0.5, ns: 640 }],
        waits: `rounds/${round.repetition}.wait.bin`,
        arrivals: `rounds/${round.repetition}.arrival.bin`,
      },
    }))
    return {
      ...closed,
      load: { kind: 'open', ratePerSecond, arrivals: 'poisson', concurrency: 1024 },
      rounds,
      estimates: { ...estimates, timeline: null, response },
    }
  })
}
