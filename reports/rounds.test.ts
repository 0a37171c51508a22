import { describe, expect, test } from 'vitest'
import { ONE_CALLER } from '../bench/contract/index.ts'
import type { Cell, Comparison, Distance, MeasuredCell, Round, Run } from '../bench/contract/index.ts'
import { notMoved } from './distance.ts'
import { ordinal } from './format.ts'
import { html } from './html/index.ts'
import { renderMarkdown } from './markdown.ts'
import { openingText, repeatedText, slowByBackend, slowText, warmUpText } from './rounds.ts'
import { renderTerminal } from './terminal.ts'
import { everyCaveat } from './testing/caveats.ts'
import { inventedComparison } from './testing/fixture.ts'
import { viewOf } from './view.ts'

const comparison = inventedComparison({ backends: 2, scenarios: 1, rounds: 6, gaps: false, withNull: false })

const TERMINAL = { width: 120, color: false }

const roundOf = ({ run }: Comparison): Round => run.cells.find((cell) => cell.outcome === 'measured')!.rounds[0]!

const withRounds = (change: (round: Round, n: number) => Partial<Round>): Comparison => ({
  ...comparison,
  run: {
    ...comparison.run,
    cells: comparison.run.cells.map((cell) =>
      cell.outcome === 'measured'
        ? { ...cell, rounds: cell.rounds.map((round, n) => ({ ...round, ...change(round, n) })) }
        : cell,
    ),
  },
})

const warmUp = (n: number) => ({
  operations: 500,
  durationNs: 1e8,
  transientNs: n < 3 ? 1e7 * (n + 1) : null,
  steady: n < 3 ? true : n < 5 ? false : null,
})
const estimate = (valueNs: number) => ({ valueNs, lowNs: null, highNs: null })

test.each([
  [1, '1st'],
  [2, '2nd'],
  [3, '3rd'],
  [4, '4th'],
  [10, '10th'],
  [11, '11th'],
  [21, '21st'],
  [100, '100th'],
  [113, '113th'],
])('%s is the %s', (value, text) => {
  expect(ordinal(value)).toBe(text)
})

test('the warm-up says how many rounds were steady, were not, and cannot be told', () => {
  const text = warmUpText(viewOf(withRounds((_, n) => ({ warmUp: warmUp(n) }))))
  expect(text).toContain('100 ms before every round, doubled up to 400 ms')
  expect(text).toContain('Of 12 rounds, 6 were steady')
  expect(text).toContain('20.0 ms after the first operation in the middle one, 30.0 ms at most')
  expect(text).toContain('4 showed no steady state, and 2 ran too few operations to tell')
})

test('where everything starts cold there is no warm-up', () => {
  const none = { operations: 0, durationNs: 0, transientNs: null, steady: null }
  expect(warmUpText(viewOf(withRounds(() => ({ warmUp: none }))))).toMatch(/^None/)
})

test('slow operations are counted by cause, and said to be in the figures', () => {
  const { operations } = roundOf(comparison)
  const text = slowText(viewOf(comparison))!
  expect(text).toContain(`36 of ${(operations * 12).toLocaleString('en')} operations`)
  expect(text).toContain('12 while garbage was collected, 0 while their thread waited for a processor, 24 unexplained')
  expect(text).toContain('All of them are in the figures.')
  for (const shown of [
    renderMarkdown(viewOf(comparison)),
    html.render(comparison),
    renderTerminal(comparison, TERMINAL),
  ])
    expect(shown.replaceAll(/\s+/g, ' ')).toContain('24 unexplained')
})

describe('cells that the tables leave out', () => {
  const { run } = comparison
  const first = run.cells.find((cell): cell is MeasuredCell => cell.outcome === 'measured')!
  const base = run.backends.find(({ id }) => id === first.backend)!
  const distance: Distance = {
    emulator: 'tun',
    requestedRttNs: 2e7,
    measuredRttNs: 2.01e7,
    directRttNs: 4e4,
    jitterNs: 0,
    bandwidthBytesPerSecond: null,
    echoes: 25,
    untrue: [],
  }
  const far: Comparison = {
    ...comparison,
    run: {
      ...run,
      backends: [...run.backends, { ...base, id: 'far', movedFrom: base.id, distance }],
      cells: [...run.cells, { ...first, backend: 'far' }],
    },
  }
  const operations = (cells: number): string => (first.rounds[0]!.operations * 6 * cells).toLocaleString('en')

  test('those at a distance are counted with their backend, and it says so', () => {
    const view = viewOf(far)
    expect(slowText(view)).toContain(`54 of ${operations(3)} operations, those at a distance among them, took`)
    expect(slowByBackend(view).map(([id, { slow }]) => [id, slow])).toEqual(
      run.backends.map(({ id }) => [id, id === base.id ? 36 : 18]),
    )
    expect(warmUpText(view)).toContain('Of 18 rounds, those at a distance among them, ')
    expect(warmUpText(viewOf(comparison))).toContain('Of 12 rounds, ')
    expect(slowText(viewOf(comparison))).not.toContain('distance')
  })

  test('a moved backend has the name of its base, and how far it is; what was not measured of it is told by that', () => {
    const failed = {
      ...far.run,
      cells: far.run.cells.map((cell): Cell =>
        cell.backend === 'far'
          ? { backend: 'far', scenario: cell.scenario, load: cell.load, outcome: 'skipped', reason: 'it is cut off' }
          : cell,
      ),
    }
    const view = viewOf({ ...far, run: failed })
    expect(view.title('far')).toBe(`${base.title} at 20 ms`)
    expect(notMoved(view)).toEqual([`${base.title} at 20 ms: skipped: it is cut off.`])
    expect(notMoved(viewOf(far))).toEqual([])
  })

  test('figures of a moved backend have the letter of the caveat on distances, and no other', () => {
    const view = viewOf({ ...far, caveats: everyCaveat(far.run) })
    const { letter } = view.notes.find(({ id }) => id === 'AT_DISTANCE')!
    expect(view.letters('far', first.scenario)).toEqual([letter])
    expect(view.letters(base.id, first.scenario)).not.toContain(letter)
    expect(view.general).toContain(letter)
    expect(viewOf(far).letters('far', first.scenario)).toEqual([])
  })

  test('those that mix reads with writes are in no count of slow operations, and it says so', () => {
    const scenarios = run.scenarios.map((one) => ({ ...one, kind: 'mixed' as const }))
    const mixed = { ...run, scenarios, cells: run.cells }
    expect(slowText(viewOf({ ...comparison, run: mixed }))).toBeNull()
    expect(renderMarkdown(viewOf({ ...comparison, run: mixed }))).toContain('**Slow operations**: None was judged.')
    const one = { ...run.scenarios[0]!, id: 'mixed', kind: 'mixed' as const }
    const both = { ...run, scenarios: [...run.scenarios, one], cells: [...run.cells, { ...first, scenario: 'mixed' }] }
    const text = slowText(viewOf({ ...comparison, run: both }))!
    expect(text).toContain(`36 of ${operations(2)} operations took`)
    expect(text).toMatch(/Scenarios that mix reads with writes are not counted here/)
    expect(slowText(viewOf(comparison))).not.toContain('mix')
  })
})

test('a single operation in a round is neither slow nor quick', () => {
  const none = { thresholdNs: null, counts: { gc: 0, runqueue: 0, unexplained: 0 }, worst: [] }
  expect(slowText(viewOf(withRounds(() => ({ slow: none }))))).toBeNull()
  expect(html.render(withRounds(() => ({ slow: none })))).not.toContain('Slow operations and what')
})

test('rounds that were measured again are counted, with the limit where it was reached', () => {
  const round = roundOf(comparison)
  const aside = [true, false, true].map((contended) => ({
    backend: 'a',
    scenario: 's',
    load: ONE_CALLER,
    contended,
    round,
  }))
  const having = (repeated: Run['repeated']): Comparison => ({ ...comparison, run: { ...comparison.run, repeated } })
  const text = (repeated: Run['repeated']): string => repeatedText(viewOf(having(repeated)))
  expect(text({ limit: 9, limitReached: false, rounds: [] })).toBe('No round was measured again.')
  const some = { limit: 9, limitReached: false, rounds: aside }
  expect(text(some)).toMatch(/^2 rounds were contended and measured again, .*: 3 rounds in all/)
  expect(text({ ...some, rounds: aside.slice(0, 2) })).toMatch(/^1 round was contended/)
  expect(text({ ...some, limitReached: true })).toContain('No other repetition fitted into the limit of 9 added rounds')
  expect(text({ limit: 9, limitReached: true, rounds: [] })).toMatch(
    /^No other repetition fitted into the limit of 9 added rounds/,
  )
  expect(text({ limit: 0, limitReached: false, rounds: [] })).toBe('A run of this size measures no round again.')
  for (const shown of [
    renderMarkdown(viewOf(having(some))),
    renderTerminal(having(some), TERMINAL),
    html.render(having(some)),
  ])
    expect(shown.replaceAll(/\s+/g, ' ')).toContain('2 rounds were contended and measured again')
})

test('a cold start is shown in time order, in Markdown and in the page', () => {
  const opening = [
    { nth: 1, estimate: estimate(5e6) },
    { nth: 100, estimate: estimate(2e5) },
  ]
  const cell = comparison.rankings[0]!.rows[0]!.cell
  const cold: MeasuredCell = { ...cell, estimates: { ...cell.estimates, opening } }
  expect(openingText(cold)).toBe('1st 5.00 ms and 100th 200 µs')
  expect(openingText(cell)).toBeNull()
  const [ranking] = comparison.rankings
  const changed = {
    ...comparison,
    rankings: [{ ...ranking!, rows: ranking!.rows.map((row) => ({ ...row, cell: cold })) }],
  }
  expect(renderMarkdown(viewOf(changed))).toContain('in time order: 1st 5.00 ms and 100th 200 µs')
  expect(html.render(changed)).toContain('in time order: 1st 5.00 ms and 100th 200 µs')
})
