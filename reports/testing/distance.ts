import type { BackendFacts, DistanceStudy, Law, ScenarioFacts } from '../../bench/contract/index.ts'

const RTTS_NS = [0, 1e6, 5e6, 20e6, 60e6]

/** Laws of one of each kind and two crossings, invented. */
export function studyOf(scenarios: readonly ScenarioFacts[], backends: readonly BackendFacts[]): DistanceStudy {
  const some = scenarios.slice(0, 2)
  const [here, far, other] = backends
  return {
    laws: some.flatMap(({ id }, s) => backends.slice(0, 4).map((backend, b) => lawOf(backend.id, id, b, 1 + s * 20))),
    crossings:
      here === undefined || far === undefined || other === undefined
        ? []
        : some.map(({ id }) => ({ scenario: id, fasterNear: far.id, fasterFar: other.id, rttNs: 1.4e6 })),
    emulators: ['tun', 'relay'],
    untrue: ['no-loss', 'no-jitter', 'no-bandwidth-limit'],
  }
}

function lawOf(backend: string, scenario: string, index: number, k: number): Law {
  const name = { backend, scenario }
  if (index === 0) return { ...name, outcome: 'constant', baseNs: 742 }
  if (index === 3) return { ...name, outcome: 'none', reason: k === 1 ? 'given' : 'too-few' }
  const baseNs = 120_000 * index
  return {
    ...name,
    outcome: 'fitted',
    roundTrips: { value: k + 0.01, low: index === 1 ? k - 0.02 : null, high: index === 1 ? k + 0.03 : null },
    baseNs,
    fitError: 0.013,
    leftOutError: index === 1 ? 0.021 : null,
    points: RTTS_NS.map((requestedRttNs, n) => {
      const rttNs = requestedRttNs + 31_000
      const p50Ns = baseNs + k * rttNs
      const inner = n > 0 && n < RTTS_NS.length - 1
      const [lowNs, highNs] = index === 1 ? [p50Ns * 0.94, p50Ns * 1.07] : [null, null]
      const [fittedNs, predictedNs] = [p50Ns * 1.01, inner ? p50Ns * 0.98 : null]
      return { backend, requestedRttNs, rttNs, p50Ns, lowNs, highNs, fittedNs, predictedNs }
    }),
  }
}
