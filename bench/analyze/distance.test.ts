import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inventedComparison } from '../../reports/testing/fixture.ts'
import type { BackendFacts, Cell, Distance, Law, MeasuredCell, Run } from '../contract/index.ts'
import { withoutMoved } from '../contract/index.ts'
import { compare } from './compare.ts'
import { studyDistance } from './distance.ts'

const template = inventedComparison({ caveats: 'none', gaps: false, lag: false, withNull: false }).run
const model = template.cells.find((cell): cell is MeasuredCell => cell.outcome === 'measured')!
const SCENARIO = template.scenarios[0]!.id
const RTTS_MS = [1, 5, 20, 60]
const HERE_NS = 30_000

const distanceOf = (ms: number): Distance => ({
  emulator: 'tun',
  requestedRttNs: ms * 1e6,
  measuredRttNs: ms * 1e6 + 40_000,
  directRttNs: HERE_NS,
  jitterNs: 0,
  bandwidthBytesPerSecond: null,
  echoes: 25,
  untrue: ['no-loss'],
})

/** What a backend is made of: `constant` ones stay in process. */
interface Made {
  readonly id: string
  readonly k: number
  readonly aNs: number
  readonly durability?: 'durable' | 'relaxed'
}

const cell = (backend: string, ns: number, rounds: number, durability: Made['durability']): MeasuredCell => ({
  ...model,
  backend,
  scenario: SCENARIO,
  rounds: Array.from({ length: rounds }, (_, repetition) => ({
    ...model.rounds[0]!,
    repetition,
    p50Ns: ns,
    durability: durability ?? null,
  })),
  estimates: { ...model.estimates, p50: { valueNs: ns, lowNs: ns, highNs: ns } },
})

/** A run in which every measured latency lies on the line of its backend. */
function swept(made: readonly Made[], rttsMs: readonly number[] = RTTS_MS, rounds = 6): Run {
  const facts = template.backends[0]!
  const backends: BackendFacts[] = []
  const cells: MeasuredCell[] = []
  for (const { id, k, aNs, durability } of made) {
    const inProcess = k === 0
    backends.push({ ...facts, id, reach: inProcess ? 'in-process' : 'same-host', distance: null, movedFrom: null })
    cells.push(cell(id, aNs + k * HERE_NS, rounds, durability))
    for (const ms of inProcess ? [] : rttsMs) {
      const distance = distanceOf(ms)
      backends.push({ ...facts, id: `${id}@${ms}ms`, reach: 'network', distance, movedFrom: id })
      cells.push(cell(`${id}@${ms}ms`, aNs + k * distance.measuredRttNs, rounds, durability))
    }
  }
  return { ...template, backends, cells, lag: [], scenarios: [template.scenarios[0]!] }
}

const fitted = (run: Run): Extract<Law, { outcome: 'fitted' }> => {
  const law = studyDistance(run)!.laws.find((one) => one.outcome === 'fitted')
  if (law?.outcome !== 'fitted') throw new Error('nothing was fitted')
  return law
}

test('k and a are those that the latencies were made with, on the measured round trips', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 10_000, max: 20_000_000 }), (k, aNs) => {
      const law = fitted(swept([{ id: 'far', k, aNs }]))
      expect(law.roundTrips.value).toBeCloseTo(k, 6)
      expect(law.roundTrips.low).toBeCloseTo(k, 6)
      expect(Math.abs(law.baseNs - aNs)).toBeLessThan(aNs * 1e-3)
      expect(law.fitError).toBeLessThan(1e-3)
      expect(law.leftOutError).toBeLessThan(1e-3)
      expect(law.points.map(({ requestedRttNs }) => requestedRttNs)).toEqual([0, ...RTTS_MS.map((ms) => ms * 1e6)])
      expect(law.points.map(({ predictedNs }) => predictedNs === null)).toEqual([true, false, false, false, true])
    }),
  )
})

test('a round trip that a round measured itself goes before the one that was measured at first', () => {
  const k = 21
  const run = swept([{ id: 'far', k, aNs: 1e6 }])
  const cells = run.cells.map((one): Cell => {
    if (one.outcome !== 'measured' || one.backend === 'far') return one
    const first = run.backends.find(({ id }) => id === one.backend)!.distance!.measuredRttNs
    const rounds = one.rounds.map((round) => {
      const rttNs = first * (1.01 + 0.001 * round.repetition)
      return { ...round, rttNs, p50Ns: 1e6 + k * rttNs }
    })
    const valueNs = 1e6 + k * first * 1.0125
    return { ...one, rounds, estimates: { ...one.estimates, p50: { valueNs, lowNs: valueNs, highNs: valueNs } } }
  })
  const law = fitted({ ...run, cells })
  expect(law.roundTrips.value).toBeCloseTo(k, 6)
  expect(law.roundTrips.high).toBeCloseTo(k, 6)
  expect(law.leftOutError).toBeLessThan(1e-3)
  expect(law.points[1]!.rttNs).toBeCloseTo(1.04e6 * 1.0125, 0)
})

test('the error of the fit and of the distance left out are those of the point that is off', () => {
  const run = swept([{ id: 'far', k: 3, aNs: 1e6 }])
  const off = run.cells.map((one) =>
    one.backend === 'far@20ms'
      ? { ...one, estimates: { ...model.estimates, p50: { valueNs: 1.1 * (1e6 + 3 * 20.04e6), lowNs: 0, highNs: 0 } } }
      : one,
  )
  const law = fitted({ ...run, cells: off })
  expect(law.fitError).toBeCloseTo(1 - 1 / 1.1, 3)
  expect(law.leftOutError).toBeCloseTo(1 - 1 / 1.1, 3)
})

test('in process, k is 0 by construction; a given database has the distance that it has; one distance makes no line', () => {
  const laws = studyDistance(
    swept([
      { id: 'here', k: 0, aNs: 5000 },
      { id: 'far', k: 1, aNs: 1e5 },
    ]),
  )!.laws
  expect(laws[0]).toEqual({ backend: 'here', scenario: SCENARIO, outcome: 'constant', baseNs: 5000 })

  const run = swept([
    { id: 'far', k: 1, aNs: 1e5 },
    { id: 'given', k: 0, aNs: 5e6 },
  ])
  const given = run.backends.map((one) => (one.id === 'given' ? { ...one, reach: 'network' as const } : one))
  expect(studyDistance({ ...run, backends: given })!.laws[1]).toMatchObject({ outcome: 'none', reason: 'given' })

  const lone = { ...run, cells: run.cells.filter(({ backend }) => backend === 'far') }
  expect(studyDistance(lone)!.laws).toEqual([
    { backend: 'far', scenario: SCENARIO, outcome: 'none', reason: 'too-few' },
  ])
})

test('with too few rounds k has no interval', () => {
  expect(fitted(swept([{ id: 'far', k: 6, aNs: 1e6 }], RTTS_MS, 3)).roundTrips).toMatchObject({ low: null, high: null })
})

describe('crossings', () => {
  const crossings = (...made: readonly Made[]) => studyDistance(swept(made))!.crossings

  test('lie where both lines give the same latency, and name who is faster on either side', () => {
    const k = fc.integer({ min: 1, max: 25 })
    const ms = fc.double({ min: 1, max: 59, noNaN: true })
    fc.assert(
      fc.property(k, k, ms, (flat, more, rttMs) => {
        const steep = flat + more
        // Chosen so that the lines meet at rttMs.
        const aNs = 1e6
        const bNs = aNs + more * rttMs * 1e6
        const [found, ...others] = crossings({ id: 'steep', k: steep, aNs }, { id: 'flat', k: flat, aNs: bNs })
        expect(others).toEqual([])
        expect(found).toMatchObject({ scenario: SCENARIO, fasterNear: 'steep', fasterFar: 'flat' })
        expect(found!.rttNs / 1e6).toBeCloseTo(rttMs, 1)
      }),
    )
  })

  test('are not told beyond what was measured, between parallel lines, or across durability classes', () => {
    expect(crossings({ id: 'a', k: 2, aNs: 1e6 }, { id: 'b', k: 1, aNs: 1e6 + 61e6 })).toEqual([])
    expect(crossings({ id: 'a', k: 2, aNs: 2e6 }, { id: 'b', k: 1, aNs: 1e6 })).toEqual([])
    expect(crossings({ id: 'a', k: 2, aNs: 1e6 }, { id: 'b', k: 2.05, aNs: 0.9e6 })).toEqual([])
    const durable = { id: 'a', k: 2, aNs: 1e6, durability: 'durable' } as const
    const relaxed = { id: 'b', k: 1, aNs: 21e6, durability: 'relaxed' } as const
    expect(crossings(durable, relaxed)).toEqual([])
    expect(crossings(durable, { ...relaxed, durability: 'durable' })).toHaveLength(1)
  })

  test('an in-process database, which does not move, is overtaken by none that does', () => {
    expect(crossings({ id: 'here', k: 0, aNs: 5e6 }, { id: 'far', k: 1, aNs: 1e5 })).toMatchObject([
      { fasterNear: 'far', fasterFar: 'here' },
    ])
  })
})

test('a run without moved backends has no study, and is left as it is', () => {
  expect(studyDistance(template)).toBeNull()
  expect(withoutMoved(template)).toBe(template)
})

test('a point says the p50 and the interval of its cell, where there is one', () => {
  const run = swept([{ id: 'far', k: 3, aNs: 1e6 }])
  const cells = run.cells.map((one): Cell => {
    if (one.outcome !== 'measured' || one.backend === 'far@60ms') return one
    const { valueNs } = one.estimates.p50
    const p50 = one.backend === 'far@20ms' ? { valueNs, lowNs: null, highNs: null } : { valueNs, lowNs: 7, highNs: 9e9 }
    return { ...one, estimates: { ...one.estimates, p50 } }
  })
  const { points } = fitted({ ...run, cells })
  expect(points.map(({ lowNs, highNs }) => [lowNs, highNs])).toEqual([
    [7, 9e9],
    [7, 9e9],
    [7, 9e9],
    [null, null],
    [points[4]!.p50Ns, points[4]!.p50Ns],
  ])
})

test('moved backends stand in no ranking and earn no caveat of a cell', () => {
  const run = swept([
    { id: 'far', k: 1, aNs: 1e5 },
    { id: 'here', k: 0, aNs: 5000 },
  ])
  const { rankings, caveats } = compare(run)
  expect(rankings[0]!.rows.map(({ backend }) => backend.id)).toEqual(['here', 'far'])
  expect(rankings[0]!.missing).toEqual([])
  for (const caveat of caveats) {
    if ('backends' in caveat) expect(caveat.backends.join()).not.toContain('@')
    if ('cells' in caveat) for (const { backend } of caveat.cells) expect(backend).not.toContain('@')
  }
})

const atDistance = (run: Run) => compare(run).caveats.find(({ id }) => id === 'AT_DISTANCE')

describe('the caveat on cells at a distance', () => {
  const made = [
    { id: 'far', k: 1, aNs: 1e5 },
    { id: 'here', k: 0, aNs: 5000 },
  ]
  const quiet = { ...model.rounds[0]!.witnesses, runqueueWaitNs: 0 }

  /** A run whose rounds are calm but for what is changed. */
  function troubled(
    change: (cell: MeasuredCell) => Partial<MeasuredCell['estimates']>,
    rounds: (cell: MeasuredCell, n: number) => object,
  ): Run {
    const run = swept(made)
    return {
      ...run,
      cells: run.cells.map((one): Cell => {
        if (one.outcome !== 'measured') return one
        return {
          ...one,
          rounds: one.rounds.map((round, n) => ({
            ...round,
            witnesses: quiet,
            driftRatio: 1,
            rttNs: null,
            ...rounds(one, n),
          })),
          estimates: { ...one.estimates, roundSpread: 0, errors: 0, ...change(one) },
        }
      }),
    }
  }
  const calm = troubled(
    () => ({}),
    () => ({}),
  )
  const none = { noisy: 0, contendedRounds: 0, unsteady: 0, drifting: 0, apart: 0, errors: 0 }

  test('is there when a backend was moved, and says how', () => {
    expect(atDistance(template)).toBeUndefined()
    expect(atDistance(calm)).toMatchObject({
      ...none,
      bases: ['far'],
      emulators: ['tun'],
      requestedRttsNs: [1e6, 5e6, 20e6, 60e6],
      untrue: ['no-loss'],
      measured: 4,
      rounds: 24,
    })
    expect(atDistance(calm)).toHaveProperty('rttOff', expect.closeTo(0.04))
  })

  test('leaves out what was measured here', () => {
    const here = troubled(
      ({ backend }) => (backend.includes('@') ? {} : { roundSpread: 3, errors: 1 }),
      ({ backend }) => (backend.includes('@') ? {} : { witnesses: { ...quiet, runqueueWaitNs: 1e12 }, driftRatio: 2 }),
    )
    expect(atDistance(here)).toMatchObject({ ...none, rounds: 24 })
    expect(atDistance(here)).toMatchObject({ noisiest: { spread: 0 } })
  })

  test('counts what the rules on cells find, names the noisiest, and takes the round trips of the rounds', () => {
    const run = troubled(
      ({ backend }) => ({
        roundSpread: backend === 'far@20ms' ? 0.85 : backend === 'far@5ms' ? 0.11 : 0.09,
        errors: backend === 'far@1ms' ? 2 : 0,
      }),
      ({ backend, rounds }, n) => ({
        ...(backend === 'far@60ms' && n < 2
          ? { witnesses: { ...quiet, runqueueWaitNs: 0.03 * rounds[n]!.measuredNs } }
          : {}),
        ...(backend === 'far@5ms' ? { driftRatio: 1.2 } : {}),
        ...(backend === 'far@1ms' ? { p50Ns: 1e6 * (1 + n / 5), rttNs: 1.1e6 } : {}),
      }),
    )
    expect(atDistance(run)).toMatchObject({
      noisy: 2,
      noisiest: { backend: 'far@20ms', scenario: SCENARIO, spread: 0.85 },
      contendedRounds: 2,
      unsteady: 1,
      drifting: 1,
      errors: 2,
    })
    expect(atDistance(run)).toHaveProperty('rttOff', expect.closeTo(0.1))
  })

  test('counts cells on which the machines of a merged run do not agree', () => {
    const run = troubled(
      () => ({}),
      ({ backend }, n) => ({ p50Ns: (backend === 'far@5ms' && n > 2 ? 2e6 : 1e6) + n }),
    )
    const { host, placement, clock } = run
    const sources = [0, 3].map((from) => ({
      id: `from-${from}`,
      region: null,
      startedAt: run.startedAt,
      host,
      placement,
      clock,
      repetitions: { first: from, end: from + 3 },
    }))
    expect(atDistance({ ...run, sources })).toMatchObject({ apart: 1 })
  })

  test('what a replica reads in process is as strict there as here', () => {
    const run = troubled(
      () => ({ roundSpread: 0.06 }),
      () => ({}),
    )
    const backends = run.backends.map((one) => ({ ...one, reach: 'in-process' as const }))
    expect([atDistance(run), atDistance({ ...run, backends })]).toMatchObject([{ noisy: 0 }, { noisy: 4 }])
  })
})
