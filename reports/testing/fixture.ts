import type {
  BackendFacts,
  Bracket,
  Cell,
  Comparison,
  HostFacts,
  LagCell,
  LagFigures,
  ReadFigures,
  Run,
  ScenarioFacts,
} from '../../bench/contract/index.ts'
import { loadCurves } from '../../bench/analyze/load-curves.ts'
import { meanLatencies } from '../../bench/analyze/means.ts'
import { ONE_CALLER } from '../../bench/contract/index.ts'
import { caveatsOf } from './caveats.ts'
import { inventedClaims } from './claims.ts'
import { KINDS, backendFacts, scenarioFacts } from './facts.ts'
import { studyOf } from './distance.ts'
import { invented } from './invented.ts'
import { inventedLoads } from './loads.ts'
import { inventedTrace } from './over-time.ts'
import { rankInvented } from './ranking.ts'
import { earlierOf } from './earlier.ts'
import { inventedK6 } from './k6.ts'
import type { Shape } from './shape.ts'
import { HOSTILE, USUAL } from './shape.ts'

/** Invented, and it says so in its id, its host and its dataset. Another seed gives other figures. */
export function inventedComparison(wanted: Partial<Shape> = {}, seed = 1): Comparison {
  const shape = { ...USUAL, ...wanted }
  const backends = backendFacts(shape)
  const scenarios = scenarioFacts(shape)
  const ranked = backends.filter(({ traits }) => !traits.includes('null'))
  const closed = scenarios.flatMap((scenario, s) =>
    backends.map((backend, b) => cellOf(shape, backend, b, scenario, s, seed)),
  )
  const swept = shape.loads ? closed.filter((cell) => scenarios.slice(0, 2).some(({ id }) => id === cell.scenario)) : []
  const cells = [...closed, ...swept.flatMap((cell) => (cell.outcome === 'measured' ? inventedLoads(cell) : []))]
  const machine = {
    host: hostFacts(shape),
    placement: { clientCpus: [0], serverCpus: [1] },
    clock: { name: 'process.hrtime.bigint', readNs: 36 },
  }
  const run: Run = {
    schema: 1,
    id: 'invented-2026-11-23-7c1e',
    startedAt: '2026-11-23T09:14:05.120Z',
    finishedAt: '2026-11-23T09:31:44.000Z',
    status: shape.failed || shape.gaps ? 'partial' : 'complete',
    harness: { version: '0.1.0', commit: '4be91d2' },
    project: null,
    plan: {
      name: 'invented',
      rounds: shape.rounds,
      roundNs: 5e8,
      warmUpNs: 1e8,
      warmUpMostNs: 4e8,
      scale: 1,
      lagMarkers: shape.lag ? 200 : 0,
      lagWritesPerSecond: shape.lag ? 200 : 0,
      verifySamples: 20,
      durability: 'durable',
      repeatShare: 0.25,
      load: shape.loads
        ? { kind: 'sweep', shares: [0.1, 0.5, 0.9, 1.2], arrivals: 'poisson', concurrency: 1024 }
        : ONE_CALLER,
      rttsNs: [],
    },
    seed: 7,
    region: null,
    sources: Array.from({ length: shape.sources }, (_, n) => ({
      id: shape.hostile ? `${HOSTILE}${n}` : `invented-${n + 1}`,
      region: shape.hostile ? HOSTILE : 'invented-west',
      startedAt: '2026-11-23T09:14:05.120Z',
      ...machine,
      repetitions: { first: n * shape.rounds, end: (n + 1) * shape.rounds },
    })),
    ...machine,
    datasets: [
      { id: 'blog', title: 'Invented blog', hash: '9f2c0123456789e1', tables: [{ name: 'post', rows: 10_000 }] },
    ],
    scenarios,
    backends,
    cells,
    lag: backends.map((backend, index) => lagOf(shape, backend, index)),
    repeated: { limit: 90, limitReached: false, rounds: [] },
    distance: shape.distance && !shape.failed ? studyOf(scenarios, ranked) : null,
    k6: shape.k6 ? inventedK6(shape, scenarios, backends) : null,
    spentNs: { setUp: 4e9, verify: 2e9, rounds: 9e11, measure: 6e11, lag: 5e10, analyze: 1e9 },
  }
  const caveats = caveatsOf(shape, run)
  return {
    run,
    rankings: rankInvented(run, caveats),
    loads: loadCurves(run),
    means: meanLatencies(run),
    caveats,
    ...earlierOf(shape, run),
    claims: inventedClaims(shape, { run, caveats }),
  }
}

const hostFacts = (shape: Shape): HostFacts => ({
  os: shape.hostile ? HOSTILE : 'Invented Linux 12',
  kernel: '6.1.0',
  arch: 'x64',
  cpu: 'Invented Processor, nothing was measured',
  cores: 2,
  memoryBytes: 24 * 2 ** 30,
  node: '24.21.0',
  virtualization: 'kvm',
  storage: { filesystem: 'ext4', fdatasyncP50Ns: 118_000 },
})

function cellOf(
  shape: Shape,
  backend: BackendFacts,
  b: number,
  scenario: ScenarioFacts,
  s: number,
  seed: number,
): Cell {
  const name = { backend: backend.id, scenario: scenario.id, load: ONE_CALLER } as const
  const isNull = backend.traits.includes('null')
  const trouble = {
    stage: 'connect',
    code: 'UNREACHABLE',
    message: shape.hostile ? HOSTILE : 'connection refused by the invented server',
    remedy: 'Check the URL, that the server runs, and that no firewall is between.',
  } as const
  if (shape.failed) return { ...name, outcome: 'failed', rounds: [], ...trouble }
  if (shape.gaps && !isNull && s === 1 && b === 1) return { ...name, outcome: 'failed', rounds: [], ...trouble }
  if (shape.gaps && !isNull && s === 2 && b === 2)
    return { ...name, outcome: 'skipped', reason: shape.hostile ? HOSTILE : 'the invented simulator has no such thing' }
  if (shape.gaps && !isNull && s === 3 && b === 3) return { ...name, outcome: 'pending', rounds: [] }
  const kind = KINDS[b % KINDS.length]!
  // Heavier scenarios shrink every lead, and the join is won by another backend.
  const work = [742, 14_600, 412_000, 210_000, 61_000, 165_000, 320_000, 171_000, 180_000, 240_000, 9_000, 31_000][
    s % 12
  ]!
  const winner = s === 2 && kind.id === 'postgres' ? 0.5 : 1
  const baseNs = isNull ? 41 : shape.alike ? 742 : (work + 742 * (kind.factor - 1)) * winner
  const durability = scenario.kind === 'read' ? null : kind.id === 'd1' ? 'relaxed' : 'durable'
  return {
    ...name,
    outcome: 'measured',
    ...invented(baseNs, shape.rounds, shape.operations, [seed, b, s], durability, backend.distance !== null),
  }
}

function lagOf(shape: Shape, backend: BackendFacts, index: number): LagCell {
  if (!shape.lag || !backend.traits.includes('replica')) {
    return { backend: backend.id, outcome: 'none', reason: shape.hostile ? HOSTILE : 'there is one copy of the data' }
  }
  if (index >= KINDS.length) {
    return {
      backend: backend.id,
      outcome: 'failed',
      stage: 'lag',
      code: 'UNREACHABLE',
      message: 'the invented primary was gone',
      remedy: 'Start it.',
    }
  }
  const estimate = (ms: number) => ({
    p50: bracket(ms),
    p95: bracket(ms * 2.2),
    p99: shape.operations < 1000 ? null : bracket(ms * 2.9),
    maxUpperNs: ms * 3.8e6,
  })
  const figures = (slower: number): LagFigures => ({
    markers: 200,
    leftCensored: 3,
    rightCensored: 1,
    gaveUp: false,
    ackToVisible: estimate(4.8 * slower),
    sendToVisible: estimate(7.1 * slower),
    commitToVisible: estimate(5.9 * slower),
    pollP50Ns: 180_000,
    pollsPerSecond: 2100,
    position: { unit: 'frames', agreeing: 195, compared: 196, maxBehind: 2 },
    missedAfterAck: 171,
    wentBack: 0,
    polls: 4100,
    staleAfter: [0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20].map((ms) => {
      const middle = 1 / (1 + Math.exp((ms - 5) * 0.9))
      return { tNs: ms * 1e6, low: middle * 0.8, high: Math.min(1, middle * 1.15 + 0.005) }
    }),
    traces: [inventedTrace(4.8 * slower, 200)],
    samples: 'lag/turso-replica.bin',
  })
  return {
    backend: backend.id,
    outcome: 'measured',
    mechanism: 'sync() before every read',
    ...figures(1),
    underLoad: {
      ...figures(1.7),
      load: { offeredPerSecond: 200, achievedPerSecond: 197, writes: 1180, failed: 0, writeP50Ns: 1.4e6 },
    },
    ownWrites: { probes: 50, missed: 2, nextReadP50Ns: 210_000 },
    ...(shape.hostile ? { servedBy: { replicas: [{ name: HOSTILE, polls: 4100 }], primaryPolls: 7 } } : {}),
    reads: { quiet: reads(1), applying: reads(1.4) },
  }
}

function reads(slower: number): ReadFigures {
  return { reads: 5000, p50Ns: 180_000 * slower, p99Ns: 410_000 * slower, maxNs: 2e6 }
}

function bracket(ms: number): Bracket {
  return { lowerNs: ms * 0.85e6, pointNs: ms * 1e6, upperNs: ms * 1.16e6 }
}
