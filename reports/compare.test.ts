import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Gate } from '../bench/contract/index.ts'
import { renderCompareMarkdown } from './compare-markdown.ts'
import { renderCompareTerminal } from './compare-terminal.ts'
import { headline } from './compare-view.ts'
import { contest, inventedCell, inventedGate } from './testing/gate.ts'
import { inventedComparison } from './testing/fixture.ts'
import { HOSTILE, LONG } from './testing/shape.ts'

const { run } = inventedComparison()

const terminal = (gate: Gate, width = 120): string => renderCompareTerminal(gate, { width, color: false })

describe('both renderings', () => {
  const gate = inventedGate(run)
  test.each([
    ['terminal', terminal(gate, 160)],
    ['markdown', renderCompareMarkdown(gate)],
  ])('%s: every comparison with its interval, what it could have seen, and its pairs', (_, text) => {
    expect(text).toContain('Slower: head takes at least 3 % longer')
    expect(text).toContain('5 comparisons: 1 slower, 1 same, 1 inconclusive, 1 failed and 1 not compared')
    expect(text).toContain('+7.4 %')
    expect(text).toContain('+5.4 to +9.4 %')
    expect(text).toContain('≥ 2.6 %')
    expect(text).toContain('+4.0 % (≥ 12 %)')
    expect(text).toContain('1 + 1')
    expect(text).toContain('slower at first (+5.0 %), not confirmed by fresh pairs')
    expect(text).toContain('at first +8.0 %, confirmed by fresh pairs')
    expect(text).toContain('6 disturbed pairs of rounds measured once more.')
    expect(text).toContain('only in head')
    expect(text).toContain('It broke. Mend it.')
    expect(text).toContain('synchronous full → normal')
    expect(text).toContain('calm on sqlite: +0.1 %')
  })

  test('why a difference is inconclusive', () => {
    const small = contest(0.02, 0.015, 'inconclusive')
    const common = { ...contest(0.05, 0.04, 'inconclusive'), holmP: 0.02 }
    const cells = [inventedCell('Small', 'inconclusive', small), inventedCell('Common', 'inconclusive', common)]
    const text = renderCompareMarkdown(inventedGate(run, { cells }))
    expect(text).toContain('Small, sqlite: a difference, but one whose estimate is below 3 %')
    expect(text).toContain('Common, sqlite: a difference, but none that chance would not bring')
  })

  test('what is slower comes first, what broke next', () => {
    const order = ['Worse', 'Broken', 'Luck', 'Calm', 'New']
    for (const text of [terminal(gate), renderCompareMarkdown(gate)]) {
      const places = order.map((title) => text.search(new RegExp(`^\\|? ?${title} `, 'm')))
      expect(places).toEqual(places.toSorted((a, b) => a - b))
      expect(places).not.toContain(-1)
    }
  })

  test('stored runs are said to be weaker, and why', () => {
    for (const text of [
      terminal(inventedGate(run, { kind: 'stored', outcome: 'passed' })),
      renderCompareMarkdown(inventedGate(run, { kind: 'stored', outcome: 'passed' })),
    ]) {
      expect(text.replaceAll(/\s+/g, ' ')).toContain('A stored baseline is weaker than one measured in the same job')
      expect(text).toContain('they decide nothing')
    }
  })

  test('the same input gives the same bytes', () => {
    expect(renderCompareMarkdown(inventedGate(run))).toBe(renderCompareMarkdown(inventedGate(run)))
    expect(terminal(inventedGate(run))).toBe(terminal(inventedGate(run)))
  })
})

test.each([
  ['regression', 'Slower'],
  ['passed', 'No slowdown of 3 % or more was found; what is inconclusive was too noisy to rule one out. 5 comparisons'],
  ['invalid', 'Invalid: base differed from base itself'],
  ['failed', 'Something could not be measured.'],
  ['interrupted', 'Interrupted before it was decided.'],
] as const)('%s is said in the first words', (outcome, words) => {
  const gate = inventedGate(run, { outcome })
  expect(headline(gate).startsWith(words)).toBe(true)
  expect(renderCompareMarkdown(gate)).toContain('### sqlatency: ')
})

const named = (names: readonly string[]): Gate =>
  inventedGate(run, { cells: names.map((name) => inventedCell(name, 'slower', contest(0.1, 0.01, 'slower'))) })

describe('Markdown', () => {
  test('is never longer than GitHub takes, whatever it is given; the rest is counted', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1500 }), fc.string({ maxLength: 300 }), (cells, name) => {
        expect(renderCompareMarkdown(named(Array.from({ length: cells }, () => name))).length).toBeLessThanOrEqual(
          65_536,
        )
      }),
      { numRuns: 10 },
    )
    const long = renderCompareMarkdown(named(Array.from({ length: 1200 }, (_, n) => `Number ${n}`)))
    expect(long.length).toBeGreaterThan(60_000)
    const shown = long.match(/^\| Number/gm)!.length
    expect(long).toContain(`${1200 - shown} more comparisons did not fit here`)
  })

  test('a hostile name stays a name', () => {
    const text = renderCompareMarkdown(named([HOSTILE, LONG]))
    expect(text).not.toContain('<script>')
    expect(text).not.toContain('<img')
    for (const line of text.split('\n').filter((one) => one.startsWith('| ')))
      expect(line.match(/(?<!\\)\|/g)).toHaveLength(11)
  })
})

test.each([80, 100, 120, 160, 400])('a terminal of %s columns is not overrun', (width) => {
  const most = Math.min(width, 160)
  const gate = inventedGate(run, {
    cells: inventedGate(run).cells.map((cell) => ({ ...cell, title: `${cell.title} ${LONG}` })),
  })
  for (const line of terminal(gate, width).split('\n')) expect(line.length, line).toBeLessThanOrEqual(most)
})
