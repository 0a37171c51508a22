import { expect, test } from 'vitest'
import type { Cause, Comparison, MeasuredCell, Round } from '../../bench/contract/index.ts'
import { seededRandom } from '../../bench/contract/index.ts'
import { count, duration, ordinal } from '../format.ts'
import { inBrowser } from '../testing/browser.ts'
import { inventedComparison } from '../testing/fixture.ts'
import { shownTables } from '../testing/shown.ts'
import { viewOf } from '../view.ts'

const isMeasured = (cell: { outcome: string }): cell is MeasuredCell => cell.outcome === 'measured'

const databasesOf = ({ run }: Comparison): string[] =>
  run.backends.filter(({ traits }) => !traits.includes('null')).map(({ id }) => id)

const sumOf = <T>(all: readonly T[], pick: (one: T) => number): number => all.reduce((sum, one) => sum + pick(one), 0)

/** Rounds that nobody judged count nowhere. */
function slowRow(comparison: Comparison, backend: string): string[] {
  const rounds = comparison.run.cells
    .filter(isMeasured)
    .filter((cell) => cell.backend === backend)
    .flatMap((cell) => cell.rounds.filter(({ slow }) => slow.thresholdNs !== null))
  const causes = (['gc', 'runqueue', 'unexplained'] as const).map((cause) =>
    sumOf(rounds, ({ slow }) => slow.counts[cause]),
  )
  const all = sumOf(causes, (one) => one)
  const longestNs = Math.max(...rounds.flatMap(({ slow }) => slow.worst.map(({ durationNs }) => durationNs)))
  return [
    viewOf(comparison).title(backend),
    count(sumOf(rounds, ({ operations }) => operations)),
    ...[all, ...causes].map(count),
    all === 0 ? '–' : duration(longestNs),
  ]
}

/** Null where no operation of the cell has a place in time. */
function overTimeRow(comparison: Comparison, backend: string, scenario: string): string[] | null {
  const cell = comparison.run.cells
    .filter(isMeasured)
    .find((one) => one.backend === backend && one.scenario === scenario && one.load.kind === 'closed')
  const { timeline = null, maxNs = 0 } = cell?.estimates ?? {}
  if (cell === undefined || timeline === null) return null
  const sizes = timeline.map(({ slices }) => slices.map(({ counts }) => sumOf(counts, (one) => one)))
  const withCause = (cause: Cause): string => {
    const places = timeline.flatMap(({ repetition }, n) => {
      const { worst } = cell.rounds.find((round) => round.repetition === repetition)!.slow
      const ends = sizes[n]!.map((_, slice) => sumOf(sizes[n]!.slice(0, slice + 1), (one) => one))
      return worst
        .filter((one) => one.cause === cause)
        .map(({ index }) => `${repetition}/${ends.findIndex((end) => index < end)}`)
    })
    return places.length === 0 ? '–' : `${new Set(places).size} of ${sizes.flat().length}`
  }
  const [least, most] = [Math.min(...sizes.flat()), Math.max(...sizes.flat())]
  const { repetition } = cell.rounds.toSorted((a, b) => b.maxNs - a.maxNs)[0]!
  return [
    viewOf(comparison).short(backend),
    least === most ? count(least) : `${count(least)} – ${count(most)}`,
    `${duration(maxNs)}, ${ordinal(repetition + 1)} round`,
    withCause('gc'),
    withCause('runqueue'),
  ]
}

/** No two cells and no two rounds alike: with slow operations anywhere, of any cause, and some rounds that nobody judged. */
function varied(comparison: Comparison): Comparison {
  const roundOf = (round: Round, cell: MeasuredCell): Round => {
    const random = seededRandom('cells-slow', cell.backend, cell.scenario, round.repetition)
    const maxNs = Math.round(cell.estimates.maxNs * (0.1 + 0.8 * random.real()))
    if (random.integer(8) === 0)
      return {
        ...round,
        maxNs,
        slow: { thresholdNs: null, counts: { gc: 0, runqueue: 0, unexplained: 0 }, worst: [] },
      }
    const counts = { gc: random.integer(5), runqueue: random.integer(3), unexplained: random.integer(9) }
    const causes = Object.entries(counts).flatMap(([cause, times]) =>
      Array.from({ length: times }, () => cause as Cause),
    )
    // The invented timeline leaves out what would have begun during its stall.
    const { slices } = cell.estimates.timeline!.find(({ repetition }) => repetition === round.repetition)!
    const placed = sumOf(slices, ({ counts: some }) => sumOf(some, (one) => one))
    const worst = causes.map((cause, n) => ({
      index: random.integer(placed),
      offsetNs: 0,
      durationNs: maxNs * (1 - 0.05 * n),
      cause,
    }))
    return { ...round, maxNs, slow: { thresholdNs: round.p50Ns * 10, counts, worst } }
  }
  const cells = comparison.run.cells.map((cell) => {
    if (!isMeasured(cell)) return cell
    const rounds = cell.rounds.map((round) => roundOf(round, cell))
    const maxNs = Math.max(...rounds.map((round) => round.maxNs))
    return { ...cell, rounds, estimates: { ...cell.estimates, maxNs } }
  })
  return { ...comparison, run: { ...comparison.run, cells } }
}

const SHAPES: readonly (readonly [string, Comparison])[] = [
  ['as invented, with open loops', inventedComparison({ scenarios: 4, loads: true })],
  ['no round like another', varied(inventedComparison({ scenarios: 4 }))],
  ['merged, with more rounds than slices', varied(inventedComparison({ scenarios: 2, rounds: 13, sources: 3 }))],
  ['with fewer operations than slices', varied(inventedComparison({ scenarios: 2, rounds: 2, operations: 9 }))],
]

inBrowser('every cell of the tables of slow operations', ({ open }) => {
  test.each(SHAPES)('equals the data: %s', async (_, comparison) => {
    const { page, close } = await open(comparison)
    const shown = await shownTables(page)
    const backends = databasesOf(comparison)
    const slow = shown.filter(({ fold }) => fold.startsWith('Slow operations'))
    expect(slow.map(({ heads, rows }) => ({ heads, rows }))).toEqual([
      {
        heads: ['Backend', 'operations', 'slow', 'garbage', 'no processor', 'unexplained', 'longest'],
        rows: backends.map((backend) => slowRow(comparison, backend)),
      },
    ])
    expect(
      shown
        .filter(({ section }) => section === 'over-time')
        .map(({ scenario, fold, heads, rows }) => ({ scenario, fold, heads, rows })),
    ).toEqual(
      comparison.run.scenarios.map(({ id, title }, scenario) => ({
        scenario,
        fold: `${title}: over time as a table`,
        heads: ['Backend', 'operations in a slice', 'longest', 'garbage', 'no processor'],
        rows: backends.flatMap((backend) => {
          const row = overTimeRow(comparison, backend, id)
          return row === null ? [] : [row]
        }),
      })),
    )
    await close()
  })
})
