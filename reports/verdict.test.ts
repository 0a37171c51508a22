import { describe, expect, test } from 'vitest'
import type { Comparison, DriverFacts } from '../bench/contract/index.ts'
import { ratio } from './format.ts'
import { keyFigures } from './key-figures.ts'
import { inventedComparison } from './testing/fixture.ts'
import type { Shape } from './testing/shape.ts'
import { plain } from './sentence.ts'
import { verdict } from './verdict.ts'
import { viewOf } from './view.ts'

const sentences = (shape: Partial<Shape>): string[] => verdict(viewOf(inventedComparison(shape))).map(plain)

/** The same comparison with only those scenarios. */
function only(comparison: Comparison, ids: readonly string[]): Comparison {
  const keep = (id: string): boolean => ids.includes(id)
  return {
    ...comparison,
    run: {
      ...comparison.run,
      scenarios: comparison.run.scenarios.filter(({ id }) => keep(id)),
      cells: comparison.run.cells.filter(({ scenario }) => keep(scenario)),
    },
    rankings: comparison.rankings.filter(({ scenario }) => keep(scenario.id)),
  }
}

test('leads with the point read: both figures, the ratio and its interval', () => {
  const comparison = inventedComparison()
  const [lead] = verdict(viewOf(comparison)).map(plain)
  const second = comparison.rankings[0]!.rows[1]!
  expect(lead).toMatch(/^One row by primary key: 740 ns on SQLite in process and 13\.3 µs on Turso/)
  expect(lead).toContain(`${ratio(second.ratio.value)} (95 % interval `)
})

test('says a long title whole, without what stands in brackets', () => {
  const comparison = inventedComparison()
  const long = 'SQLite followed by Litestream on another continent (better-sqlite3)'
  const [first, ...rest] = comparison.run.backends
  const run = { ...comparison.run, backends: [{ ...first!, title: long }, ...rest] }
  const [lead] = verdict(viewOf({ ...comparison, run })).map(plain)
  expect(lead).toContain(' on SQLite followed by Litestream on another continent and ')
})

test('names the scenario in which the winner loses most', () => {
  expect(sentences({})[1]).toMatch(
    /^SQLite in process does not win everywhere: in “Join of three tables, grouped” Postgres/,
  )
})

test('without a lost scenario says where the lead shrinks', () => {
  const comparison = only(inventedComparison({ gaps: false }), ['point-read', 'insert'])
  expect(verdict(viewOf(comparison)).map(plain)[1]).toMatch(/^The lead shrinks to 1\.\d\d× .* in “Insert one row”/)
})

test('with a single scenario looks at the tail', () => {
  expect(sentences({ scenarios: 1 })[1]).toMatch(/p99|tail/)
})

test('a tie is no detectable difference', () => {
  const [first, second] = sentences({ alike: true })
  expect(first).toContain('no detectable difference')
  expect(second).toMatch(/^In /)
})

test('emulated distance and measured lag are named', () => {
  const all = sentences({})
  expect(all).toHaveLength(4)
  expect(all[2]).toMatch(/1\.02 ms round trip.*emulated by a relay/)
  expect(all[3]).toMatch(/4\.80 ms \[4\.08–5\.57 ms\] at the median and 13\.9 ms at p99/)
})

/** The invented run, its replica as told, and markers that were read by the first poll after the acknowledgement. */
function lagOf(upperNs: number, driver: DriverFacts): string {
  const comparison = inventedComparison()
  const { run } = comparison
  const p50 = { lowerNs: 0, pointNs: upperNs / 2, upperNs }
  const lag = run.lag.map((cell) =>
    cell.outcome === 'measured'
      ? { ...cell, missedAfterAck: 0, ackToVisible: { p50, p95: p50, p99: p50, maxUpperNs: upperNs } }
      : cell,
  )
  const session = { durability: 'durable', settings: {}, versions: {}, driver } as const
  const backends = run.backends.map((one) => (one.traits.includes('replica') ? { ...one, session } : one))
  const view = viewOf({ ...comparison, run: { ...run, lag, backends } })
  const key = keyFigures(view)[2]!
  return [plain(verdict(view).at(-1)!), key.value, key.detail].join(' | ')
}

describe('lag where no read missed a write', () => {
  test('says so first, with how long a poll takes and what it does before', () => {
    const said = lagOf(1.64e6, {})
    expect(said).toMatch(
      /^No read that began after the acknowledgement missed a write on .*\(0 of \d+ markers; sync\(\) before every read\): .*≤ 1\.64 ms.* a poll takes 180 µs\./,
    )
    expect(said).not.toContain('do not do')
  })

  test('and that reads in the rankings do not sync', () => {
    const said = lagOf(1.64e6, { readsDoNotSync: true })
    expect(said).toContain('sync() before every read, which reads in the rankings do not do)')
    expect(said).toMatch(/to a reader that syncs first$/)
  })

  test('is at once where all were read before the acknowledgement', () => {
    const said = lagOf(0, {})
    expect(said).toMatch(/at the median it shows at once\. \| at once \|/)
    expect(said).not.toContain('0 ns')
  })
})

describe('never claims more than there is', () => {
  test('one backend has no ratio', () => expect(sentences({ backends: 1, lag: false })[0]).not.toContain('×'))
  test('nothing measured is no verdict', () =>
    expect(sentences({ failed: true })[0]).toBe('No verdict: no backend has a result.'))
  test('differing answers suppress it', () => expect(sentences({ caveats: 'every' }).join(' ')).not.toMatch(/\d+×/))
  test('few rounds have no interval', () => {
    expect(sentences({ rounds: 3 })[0]).toContain('(no interval)')
    expect(sentences({ rounds: 3 })[0]).not.toContain('95 %')
  })
})

test('an unranked first row is not called the winner', () => {
  const comparison = inventedComparison()
  const rankings = comparison.rankings.map((ranking) => ({
    ...ranking,
    rows: ranking.rows.map((row, index) => (index === 0 ? { ...row, rank: null } : { ...row, rank: index })),
  }))
  expect(plain(verdict(viewOf({ ...comparison, rankings }))[0]!)).toMatch(/^One row by primary key: 13\.3 µs on Turso/)
})

test.each([
  {},
  { backends: 2 },
  { backends: 12, scenarios: 20 },
  { scenarios: 1 },
  { backends: 1, scenarios: 1 },
  { rounds: 1, operations: 10 },
])('is two to four sentences: %j', (shape) => {
  const all = sentences(shape)
  expect(all.length).toBeGreaterThanOrEqual(2)
  expect(all.length).toBeLessThanOrEqual(4)
  for (const one of all) expect(one).toMatch(/^\S.*\.$/)
})

test('a run of lag alone speaks of lag, and does not miss results that nobody asked for', () => {
  const { run } = inventedComparison()
  const [first, ...more] = verdict(
    viewOf({ ...inventedComparison(), run: { ...run, cells: [] }, rankings: [], loads: [], caveats: [] }),
  ).map(plain)
  expect(first).toMatch(/^A write shows on .* counted from the acknowledgement\.$/)
  expect(more).toEqual([])
})
