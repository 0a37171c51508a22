import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shippedClaims } from '../../reports/testing/claims.ts'
import type { Claim, ClaimReason, ClaimVerdict, JudgedClaim, Run } from '../contract/index.ts'
import { claimedBounds } from '../contract/index.ts'
import { judgeClaims, placeOf } from './claims.ts'
import { compare } from './compare.ts'
import { around, backendOf, cellOf, emulatedMs, lagOf, lawOf, runOf } from './testing/claimed.ts'

const shipped = new Map(shippedClaims().map((claim) => [claim.id, claim]))

const judge = (run: Run, claim: Claim): JudgedClaim => judgeClaims({ run, caveats: [] }, [claim])[0]!
const reasonOf = (run: Run, claim: Claim): ClaimReason | null => judge(run, claim).reason

const sqlite = backendOf('better-sqlite3')
const replica = backendOf('libsql', { traits: ['replica'] })
const server = backendOf('postgres', { dialect: 'postgres', reach: 'same-host' })
const away = (ms: number) => ({ reach: 'network', distance: emulatedMs(ms), dialect: 'postgres' }) as const
/** A server that was given, this far away for real. */
const real = (ms: number) =>
  backendOf('postgres', { dialect: 'postgres', reach: 'network', external: true, roundTripNs: ms * 1e6 })
const far = (ms: number) => backendOf('postgres-far', { adapter: 'postgres', movedFrom: 'postgres', ...away(ms) })
const farReplica = (ms: number) =>
  backendOf('libsql-far', { adapter: 'libsql', traits: ['replica'], distance: emulatedMs(ms) })
const worker = backendOf('d1', { reach: 'network', external: true })
const inside = { ...worker, session: { ...worker.session!, settings: { vantage: 'inside the Worker' } } }
const simulator = backendOf('d1', { reach: 'same-host', traits: ['simulator'] })
const litefs = backendOf('litefs', { traits: ['replica'] })

const read = (backend: { readonly id: string }, ns: number) => cellOf(backend.id, 'point-read', around(ns))
const write = (backend: { readonly id: string }, ns: number) =>
  cellOf(backend.id, 'insert', around(ns), { durability: 'durable' })

const mixed = (replicaWriteNs: number, otherWriteNs: number): Run => {
  const [one, other] = [farReplica(40), far(40)]
  const reads = [read(one, 30_000), read(other, 40e6)]
  return runOf([one, other], { cells: [...reads, write(one, replicaWriteNs), write(other, otherWriteNs)] })
}

/** For each shipped claim a run that agrees, one that contradicts, and what keeps others from judging it. */
const CASES: Record<string, { agrees: Run; contradicts: Run | null; not: readonly [Run, ClaimReason['kind']][] }> = {
  'sqlite-select': {
    agrees: runOf([sqlite], { cells: [read(sqlite, 21_000)] }),
    contradicts: runOf([sqlite], { cells: [read(sqlite, 2500)] }),
    not: [
      [runOf([replica], { cells: [read(replica, 21_000)] }), 'absent'],
      [runOf([{ ...sqlite, session: null }], { cells: [read(sqlite, 21_000)] }), 'setting'],
      [runOf([sqlite], {}), 'not-measured'],
    ],
  },
  'sqlite-select-rounded': {
    agrees: runOf([sqlite], { cells: [read(sqlite, 39_000)] }),
    contradicts: runOf([sqlite], { cells: [read(sqlite, 90_000)] }),
    not: [[runOf([server], {}), 'absent']],
  },
  'postgres-same-region': {
    agrees: runOf([real(0.5)], { cells: [read(server, 610_000)] }),
    contradicts: runOf([real(1.9)], { cells: [read(server, 2e6)] }),
    not: [
      [runOf([server], { cells: [read(server, 610_000)] }), 'distance'],
      // Within the range of a real one, and outside that of an emulated one.
      [runOf([far(1.9)], { cells: [read(far(1.9), 2e6)] }), 'distance'],
    ],
  },
  'postgres-cross-region': {
    agrees: runOf([far(40)], { cells: [read(far(40), 40.3e6)] }),
    contradicts: runOf([real(25)], { cells: [read(server, 25.3e6)] }),
    not: [[runOf([far(25)], { cells: [read(far(25), 25.3e6)] }), 'distance']],
  },
  'read-ratio': {
    agrees: runOf([sqlite, real(21)], { cells: [read(sqlite, 100_000), read(server, 21e6)] }),
    contradicts: runOf([sqlite, far(40)], { cells: [read(sqlite, 2500), read(far(40), 40e6)] }),
    not: [
      [runOf([sqlite, server], { cells: [read(sqlite, 2500), read(server, 1e5)] }), 'distance'],
      [runOf([far(40)], { cells: [read(far(40), 40e6)] }), 'absent'],
    ],
  },
  'cross-region-penalty': {
    agrees: runOf([server, far(150)], { cells: [read(server, 1e5), read(far(150), 150e6)] }),
    contradicts: runOf([server, far(150)], { cells: [read(server, 1e5), read(far(150), 450e6)] }),
    not: [
      [runOf([server, far(40)], { cells: [read(server, 1e5), read(far(40), 40e6)] }), 'distance'],
      [runOf([backendOf('other', { reach: 'same-host' }), far(150)], {}), 'no-pair'],
    ],
  },
  'd1-read': {
    agrees: runOf([inside], { cells: [read(inside, 500_000)] }),
    contradicts: runOf([inside], { cells: [read(inside, 5e6)] }),
    not: [
      [runOf([simulator], { cells: [read(simulator, 500_000)] }), 'simulator'],
      [runOf([worker], { cells: [read(worker, 500_000)] }), 'setting'],
    ],
  },
  'd1-propagation': {
    agrees: runOf([worker], { lag: [lagOf('d1', 40)] }),
    contradicts: runOf([worker], { lag: [lagOf('d1', 400)] }),
    not: [
      [runOf([simulator], { lag: [lagOf('d1', 40)] }), 'simulator'],
      [runOf([worker], { lag: [{ backend: 'd1', outcome: 'none', reason: 'off' }] }), 'no-lag'],
      [runOf([worker], { lag: [lagOf('d1', 40, 20)] }), 'few-markers'],
    ],
  },
  'litefs-replication': {
    agrees: runOf([{ ...litefs, distance: emulatedMs(80) }], { lag: [lagOf('litefs', 90)] }),
    contradicts: runOf([{ ...litefs, distance: emulatedMs(80) }], { lag: [lagOf('litefs', 900)] }),
    not: [[runOf([litefs], { lag: [lagOf('litefs', 90)] }), 'distance']],
  },
  'litefs-read': {
    agrees: runOf([litefs], { cells: [read(litefs, 40_000)] }),
    contradicts: runOf([litefs], { cells: [read(litefs, 4e6)] }),
    not: [[runOf([replica], {}), 'absent']],
  },
  'turso-replica-read': {
    agrees: runOf([replica], { cells: [read(replica, 33_000)] }),
    contradicts: runOf([replica], { cells: [read(replica, 3.3e6)] }),
    not: [[runOf([farReplica(40)], { cells: [read(farReplica(40), 33_000)] }), 'distance']],
  },
  'turso-write-remote': {
    agrees: runOf([replica], { laws: [lawOf('libsql', 'insert', 3)] }),
    contradicts: runOf([replica], { laws: [lawOf('libsql', 'insert', 0)] }),
    not: [
      [runOf([replica], { cells: [cellOf('libsql', 'insert', around(1e6))] }), 'not-moved'],
      [runOf([replica], { laws: [lawOf('libsql', 'point-read', 0)] }), 'not-measured'],
    ],
  },
  'no-network-round-trips': {
    agrees: runOf([sqlite], {
      laws: [{ backend: sqlite.id, scenario: 'point-read', outcome: 'constant', baseNs: 2500 }],
    }),
    contradicts: null,
    not: [
      [runOf([sqlite], { cells: [read(sqlite, 2500)] }), 'not-moved'],
      [runOf([sqlite], {}), 'not-measured'],
      [runOf([sqlite], { laws: [lawOf(sqlite.id, 'point-read', 1)] }), 'emulated'],
    ],
  },
  'joins-cheap': {
    agrees: runOf([sqlite, server], {
      cells: [cellOf(sqlite.id, 'author-page', around(3e4)), cellOf(server.id, 'author-page', around(18e4))],
    }),
    contradicts: runOf([sqlite, server], {
      cells: [cellOf(sqlite.id, 'author-page', around(3e5)), cellOf(server.id, 'author-page', around(18e4))],
    }),
    not: [[runOf([sqlite, far(40)], {}), 'absent']],
  },
  'read-heavy-mix': {
    agrees: mixed(120e6, 41e6),
    contradicts: mixed(12_000e6, 41e6),
    not: [
      [runOf([replica, far(40)], {}), 'distance'],
      [runOf([farReplica(40), far(80)], {}), 'no-pair'],
      [{ ...mixed(120e6, 41e6), cells: mixed(120e6, 41e6).cells.slice(0, 2) }, 'not-measured'],
    ],
  },
  'thousands-of-reads': {
    agrees: runOf([sqlite], { cells: [read(sqlite, 2500)] }),
    contradicts: runOf([sqlite], { cells: [read(sqlite, 2.5e6)] }),
    not: [[runOf([sqlite], {}), 'not-measured']],
  },
}

test('every shipped claim has its cases', () => {
  expect(Object.keys(CASES)).toEqual([...shipped.keys()])
})

describe.each(Object.entries(CASES))('%s', (id, { agrees, contradicts, not }) => {
  const claim = shipped.get(id)!

  test('is judged where its condition is met', () => {
    expect(judge(agrees, claim)).toMatchObject({ verdict: 'consistent', reason: null })
    if (contradicts !== null) expect(judge(contradicts, claim)).toMatchObject({ verdict: 'contradicted', reason: null })
  })

  test('cannot be told where it is not', () => {
    for (const [run, kind] of not)
      expect(judge(run, claim)).toMatchObject({ verdict: 'cannot-tell', reason: { kind }, findings: [] })
  })

  test('is never judged by the local simulator', () => {
    const backends = agrees.backends.map((one) => ({ ...one, traits: [...one.traits, 'simulator' as const] }))
    expect(judge({ ...agrees, backends }, claim)).toMatchObject({ verdict: 'cannot-tell', findings: [] })
  })

  test('is not judged by backends whose answers differ', () => {
    const caveats = [{ id: 'ANSWERS_DIFFER', backends: agrees.backends.map((backend) => backend.id) }] as const
    expect(judgeClaims({ run: agrees, caveats }, [claim])[0]).toMatchObject({ reason: { kind: 'answers-differ' } })
  })
})

const rttClaim = (rule: { emulatedRttMs?: [number, number] }): Claim => ({
  ...shipped.get('postgres-cross-region')!,
  measure: { kind: 'p50', scenario: 'point-read', of: { adapters: ['postgres'], rttMs: [20, 90], ...rule } },
})

test('an emulated distance judges only a claim that allows it, and the finding says so', () => {
  const run = runOf([far(40)], { cells: [read(far(40), 40.3e6)] })
  expect(reasonOf(run, rttClaim({}))).toEqual({ kind: 'emulated', backends: ['postgres-far'] })
  const { findings } = judge(run, rttClaim({ emulatedRttMs: [20, 90] }))
  expect(findings).toMatchObject([{ emulated: true, subjects: [{ base: 'postgres', rttNs: 40e6, emulated: true }] }])
  expect(judge(CASES['postgres-same-region']!.agrees, shipped.get('postgres-same-region')!).findings).toMatchObject([
    { emulated: false, subjects: [{ rttNs: 0.5e6, emulated: false }] },
  ])
})

test('an emulated distance before a given database adds to one that nobody measured', () => {
  const given = { ...far(40), external: true }
  expect(reasonOf(runOf([given], {}), rttClaim({ emulatedRttMs: [20, 90] }))).toMatchObject({
    kind: 'distance',
    found: [{ rttNs: null }],
  })
})

test('backends that do not agree tell nothing, and all of them are shown', () => {
  const claim = rttClaim({ emulatedRttMs: [20, 90] })
  const other = { ...far(25), id: 'near' }
  const both = runOf([far(40), other], { cells: [read(far(40), 40.3e6), read(other, 25.3e6)] })
  const { verdict, reason, findings } = judge(both, claim)
  expect({ verdict, reason }).toEqual({ verdict: 'cannot-tell', reason: { kind: 'disagree' } })
  expect(findings.map(({ place }) => place)).toEqual(['inside', 'below'])
})

test('a few rounds carry no interval, so they judge nothing', () => {
  const run = runOf([sqlite], { cells: [cellOf(sqlite.id, 'point-read', around(21_000, 5))] })
  expect(judge(run, shipped.get('sqlite-select')!)).toMatchObject({
    verdict: 'cannot-tell',
    reason: { kind: 'no-interval' },
    findings: [{ low: null, place: 'unknown' }],
  })
})

test('an open loop and many callers are no p50 of one caller', () => {
  for (const load of [
    { kind: 'open', ratePerSecond: 100, arrivals: 'poisson', concurrency: 8 },
    { kind: 'closed', callers: 8 },
  ] as const) {
    const cell = { ...read(sqlite, 21_000), load }
    expect(reasonOf(runOf([sqlite], { cells: [cell] }), shipped.get('sqlite-select')!)).toMatchObject({
      kind: 'not-measured',
    })
  }
})

describe('break-even', () => {
  const claim = shipped.get('read-heavy-mix')!

  test('is where r reads and a write take equally long on both sides', () => {
    const { value, low, high } = judge(mixed(120e6, 41e6), claim).findings[0]!
    const even = (120e6 - 41e6) / (40e6 - 30_000)
    expect(value).toBeCloseTo(even, 1)
    expect(low!).toBeLessThanOrEqual(even)
    expect(high!).toBeGreaterThanOrEqual(even)
  })

  test('is 0 where the write is no slower either, and nowhere where reads are not faster', () => {
    expect(judge(mixed(20e6, 41e6), claim).findings).toMatchObject([{ value: 0, place: 'inside' }])
    const slow = mixed(120e6, 41e6)
    const [one, other] = [farReplica(40), far(40)]
    const cells = [read(one, 50e6), read(other, 40e6), ...slow.cells.slice(2)]
    expect(reasonOf({ ...slow, cells }, claim)).toMatchObject({ kind: 'reads-not-faster' })
  })

  test('compares no commits that promise different things', () => {
    const run = mixed(120e6, 41e6)
    const last = cellOf('postgres-far', 'insert', around(41e6), { durability: 'relaxed' })
    expect(reasonOf({ ...run, cells: [...run.cells.slice(0, 3), last] }, claim)).toMatchObject({ kind: 'durability' })
  })
})

test('a ratio and a difference pair rounds of the same repetition', () => {
  const noise = [1, 3, 1, 5, 1, 2, 4, 1]
  const cells = [
    cellOf(
      sqlite.id,
      'author-page',
      noise.map((by) => by * 1e4),
    ),
    cellOf(
      server.id,
      'author-page',
      noise.map((by) => by * 1e5),
    ),
  ]
  const [finding] = judge(runOf([sqlite, server], { cells }), shipped.get('joins-cheap')!).findings
  for (const bound of [finding!.value, finding!.low!, finding!.high!]) expect(bound).toBeCloseTo(0.1, 9)
})

test('compare by itself holds nothing against a run', () => {
  expect(compare(CASES['sqlite-select']!.agrees).claims).toEqual([])
})

const LINE: readonly ClaimVerdict[] = ['consistent', 'cannot-tell', 'contradicted']
/** The verdict on one interval. */
const verdictOn = (low: number, high: number, range: { low: number; high: number }): ClaimVerdict =>
  ({ inside: LINE[0]!, across: LINE[1]!, below: LINE[2]!, above: LINE[2]!, unknown: LINE[1]! })[
    placeOf({ low, high }, range)
  ]

describe('the rule', () => {
  const range = fc
    .tuple(fc.double({ min: 1, max: 1e6, noNaN: true }), fc.double({ min: 1.01, max: 100, noNaN: true }))
    .map(([low, by]) => ({ low, high: low * by }))

  test('an interval that moves out of the range passes consistent, cannot tell, contradicted, and never goes back', () => {
    fc.assert(
      fc.property(range, fc.double({ min: 0.05, max: 0.9, noNaN: true }), fc.boolean(), (claimed, share, up) => {
        const width = share * (claimed.high - claimed.low)
        const start = (claimed.low + claimed.high - width) / 2
        const farthest = claimed.high - claimed.low + width
        const seen = Array.from({ length: 101 }, (_, n) => {
          const moved = start + ((up ? 1 : -1) * n * farthest) / 100
          return LINE.indexOf(verdictOn(moved, moved + width, claimed))
        })
        expect(seen).toEqual(seen.toSorted((a, b) => a - b))
        expect([seen[0], seen.includes(1), seen.at(-1)]).toEqual([0, true, 2])
      }),
    )
  })

  test('a wider interval never tells more', () => {
    fc.assert(
      fc.property(
        range,
        fc.double({ min: 1e-3, max: 1e9, noNaN: true }),
        fc.double({ min: 1, max: 50, noNaN: true }),
        fc.double({ min: 1, max: 50, noNaN: true }),
        (claimed, at, by, more) => {
          const narrow = verdictOn(at / by, at * by, claimed)
          const wide = verdictOn(at / by / more, at * by * more, claimed)
          expect([narrow, 'cannot-tell']).toContain(wide)
        },
      ),
    )
  })

  test('both ends belong to what is claimed, and an open end contradicts nothing', () => {
    const bounds = claimedBounds({ low: 10, high: 20 })
    expect(placeOf({ low: 10, high: 20 }, bounds)).toBe('inside')
    expect(placeOf({ low: 5, high: 10 }, bounds)).toBe('across')
    expect(placeOf({ low: 1e12, high: 1e13 }, claimedBounds({ low: 10 }))).toBe('inside')
    expect(placeOf({ low: 0, high: 1 }, claimedBounds({ high: 10 }))).toBe('inside')
    expect(claimedBounds({ about: 20, factor: 2 })).toEqual({ low: 10, high: 40 })
  })
})
