import { describe, expect, test } from 'vitest'
import { historyOf } from '../bench/analyze/history.ts'
import type { Cell, Run } from '../bench/contract/index.ts'
import { seededRandom } from '../bench/contract/index.ts'
import { changeWords, deltas, historyText } from './baseline.ts'
import { html } from './html/index.ts'
import { renderMarkdown } from './markdown.ts'
import { inventedComparison } from './testing/fixture.ts'
import { viewOf } from './view.ts'

const { run } = inventedComparison({ backends: 3, scenarios: 2, gaps: false, lag: false, distance: false })
const [reference, slowed, other] = run.backends.filter(({ traits }) => !traits.includes('null')).map(({ id }) => id)

/** The same run on another day, with one backend slower and every round off by up to a hundredth. */
function onDay(n: number, factor: number, changes: Partial<Run> = {}): Run {
  const random = seededRandom('day', n)
  const cells = run.cells.map((cell): Cell => {
    if (cell.outcome !== 'measured') return cell
    const times = (cell.backend === slowed ? factor : 1) * (1 + 0.02 * (random.real() - 0.5))
    return { ...cell, rounds: cell.rounds.map((round) => ({ ...round, p50Ns: round.p50Ns * times })) }
  })
  const day = String(n + 1).padStart(2, '0')
  return {
    ...run,
    id: `day-${day}`,
    startedAt: `2026-11-${day}T00:00:00.000Z`,
    project: { commit: `${day}abcdef` },
    cells,
    ...changes,
  }
}

const days = Array.from({ length: 16 }, (_, n) => onDay(n, n < 9 ? 1 : 1.2))

describe('a history', () => {
  test('finds the day and the backend, with an interval that holds the truth, and nothing else', () => {
    const { series, runs, reference: held } = historyOf(days.toReversed())
    expect(runs.map(({ id }) => id)).toEqual(days.map(({ id }) => id))
    expect(held).toBe(reference)
    for (const { backend, changes } of series) {
      expect(changes.map((one) => one.run)).toEqual(backend === slowed ? [9] : [])
      for (const { change } of changes) {
        expect(change.low!).toBeLessThan(0.2)
        expect(change.high!).toBeGreaterThan(0.2)
      }
    }
  })

  test('what changes the reference shows in all others, the other way round', () => {
    const { series } = historyOf(days, { reference: slowed! })
    for (const { backend, changes } of series)
      expect(changes.map(({ change }) => Math.sign(change.value))).toEqual(backend === slowed ? [] : [-1])
  })

  test('less than 3 % is left alone, however clear', () => {
    const { series } = historyOf(Array.from({ length: 30 }, (_, n) => onDay(n % 28, n < 15 ? 1 : 1.02)))
    expect(series.flatMap(({ changes }) => changes)).toEqual([])
  })

  test('other machines, other questions and runs without a result do not mix in', () => {
    const elsewhere = onDay(3, 1, { host: { ...run.host, cpu: 'another' } })
    const empty = onDay(4, 1, { cells: [] })
    const [first, ...scenarios] = run.scenarios
    const asked = { ...first!, statements: { sqlite: ['SELECT 2'], postgres: ['SELECT 2'] } }
    const otherwise = onDay(5, 1, { scenarios: [asked, ...scenarios] })
    const { leftOut, runs, series } = historyOf([elsewhere, empty, otherwise, ...days.slice(6)])
    expect(leftOut).toEqual({ otherMachine: 1, otherLoad: 0, unfinished: 1 })
    expect(runs).toHaveLength(11)
    for (const { scenario, points } of series)
      expect(points.some((point) => point.run === 0)).toBe(scenario !== first!.id)
  })

  test('of one run alone there is nothing to tell', () => {
    const history = historyOf([days[0]!])
    expect(history.series.flatMap(({ changes }) => changes)).toEqual([])
    expect(history.series.every(({ points }) => points.length === 1)).toBe(true)
    expect(historyOf([]).runs).toEqual([])
  })
})

describe('in words', () => {
  const history = historyOf(days, { commitUrl: 'https://example.com/c/%s' })
  const view = viewOf({ ...inventedComparison({ backends: 3, scenarios: 2 }), history })

  test('names the change, the run and the commit, with a link', () => {
    const [first] = changeWords(view, history)
    expect(first).toMatchObject({ run: 'day-10', commit: '10abcdef', url: 'https://example.com/c/10abcdef' })
    expect(first!.text).toContain(view.name(slowed!))
    expect(historyText(view, history)).toMatch(/^16 runs from 1 Nov 2026/)
    expect(first!.text).not.toContain(view.name(other!))
  })

  test('an address that is none, and a working tree with changes, are no links', () => {
    const odd = { ...history, commitUrl: 'javascript:alert(%s)' }
    expect(changeWords(view, odd)[0]!.url).toBeNull()
    const dirty = { ...history, runs: history.runs.map((one) => ({ ...one, commit: '10abcdef+changes' })) }
    expect(changeWords(view, dirty)[0]!.url).toBeNull()
  })
})

describe('reports', () => {
  const comparison = inventedComparison({ earlier: true })
  const text = renderMarkdown(viewOf(comparison))
  const page = html.render(comparison)

  test('show every row against the earlier run, with a verdict that is not only a colour', () => {
    const rows = deltas(viewOf(comparison))
    expect(rows.length).toBeGreaterThan(20)
    for (const { cells, verdict } of rows) for (const cell of [...cells, verdict]) expect(text).toContain(cell)
    for (const word of ['▲ slower', '▼ faster', '= no change', '? inconclusive']) expect(page).toContain(word)
  })

  test('name the change points', () => {
    expect(text).toContain('from run invented-13 on')
    expect(page).toContain('href="https://example.com/commit/')
  })

  test('say in one line that there is none', () => {
    const bare = html.render(inventedComparison())
    expect(bare).toContain('This report was made without an earlier run')
    expect(bare).not.toContain('chart-trend')
  })
})
