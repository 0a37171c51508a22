/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { renderMarkdown } from '../markdown.ts'
import { inBrowser } from '../testing/browser.ts'
import type { Expected, ExpectedTables } from '../testing/expected.ts'
import { expectedTables } from '../testing/expected.ts'
import { inventedComparison } from '../testing/fixture.ts'
import type { Shape } from '../testing/shape.ts'
import { misread } from '../testing/written.ts'
import { viewOf } from '../view.ts'

const SHAPES: readonly Partial<Shape>[] = [
  { scenarios: 5, loads: true },
  { scenarios: 6, gaps: false, rounds: 3, operations: 40 },
  { scenarios: 5, operations: 834 },
  { backends: 12, scenarios: 5 },
]

/** Tables of the page by the first words of their heads; those of a scenario follow one another. */
const TABLES: Readonly<Record<keyof ExpectedTables, readonly [section: string, heads: RegExp]>> = {
  ranking: ['ranking', /^Rank/],
  matrix: ['all', /^Scenario/],
  page: ['page', /^Backend 1 5/],
  contrast: ['page', /^Backend predicted/],
  percentiles: ['tail', /^Backend p5/],
  laws: ['distance', /^Backend k/],
  points: ['distance', /^Backend here/],
  loads: ['load', /^Backend, load/],
  lag: ['replication', /^Backend written meanwhile counted from/],
  markers: ['replication', /^Backend written meanwhile markers/],
  reads: ['replication', /^Backend own writes/],
}

/** Judged beside what makes them: reports/baseline.test.ts, claims.test.ts, rounds.test.ts, charts/charts.test.ts. */
const OTHERS = [/^after the acknowledgement/, /^markers/, /^Backend operations/, /^Scenario Backend/, /^Run/, /^Claim/]

interface ShownTable {
  readonly section: string
  readonly heads: string
  readonly rows: readonly (readonly string[])[]
}

/** Every cell but the first of every row, with its parts apart and without the letters of its caveats. */
const tablesOf = (page: Page): Promise<ShownTable[]> =>
  page.evaluate(() => {
    // It runs in the page, where nothing of this file is.
    // oxlint-disable-next-line unicorn/consistent-function-scoping
    const textOf = (part: Element): string => {
      const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT)
      const texts: string[] = []
      while (walker.nextNode() !== null)
        if (walker.currentNode.parentElement!.closest('.letters') === null) texts.push(walker.currentNode.textContent!)
      return texts.join(' ').replaceAll(/\s+/g, ' ').trim()
    }
    return [...document.querySelectorAll('table')].map((one) => ({
      section: one.closest('section')!.id,
      heads: [...one.querySelectorAll('thead th')].map(textOf).join(' '),
      rows: [...one.querySelectorAll('tbody tr')].map((row) => [...row.querySelectorAll('td')].map(textOf)),
    }))
  })

/** Wrong cells, in words. `k` and shares have as many digits as they need. */
function wrong(
  name: string,
  rows: readonly (readonly string[])[],
  expected: readonly (readonly Expected[])[],
): string[] {
  if (rows.length !== expected.length) return [`${name} has ${rows.length} rows, not ${expected.length}`]
  const digits = name === 'laws' || name === 'contrast' ? 0 : 3
  return rows.flatMap((cells, row) =>
    expected[row]!.flatMap((figures, place) => {
      const said = misread(cells[place] ?? '', figures, digits)
      return said === null ? [] : [`${name}, row ${row + 1}, column ${place + 2}: ${said}`]
    }),
  )
}

const isNested = (expected: readonly unknown[]): expected is readonly (readonly (readonly Expected[])[])[] =>
  Array.isArray((expected[0] as readonly unknown[] | undefined)?.[0]) &&
  Array.isArray(((expected[0] as readonly unknown[])[0] as readonly unknown[])[0])

inBrowser('every cell of a table', ({ open }) => {
  test.each(SHAPES)('equals the data to three digits: %j', async (shape) => {
    const comparison = inventedComparison(shape)
    const { page, close } = await open(comparison)
    const shown = await tablesOf(page)
    const expected = expectedTables(comparison)
    const judged = new Set<ShownTable>()
    for (const [name, [section, heads]] of Object.entries(TABLES)) {
      const wanted = expected[name as keyof ExpectedTables]
      const each = isNested(wanted) ? wanted : wanted.length === 0 ? [] : [wanted as readonly (readonly Expected[])[]]
      const found = shown.filter((one) => one.section === section && heads.test(one.heads))
      expect(found.length, name).toBe(each.length)
      for (const [n, one] of found.entries()) {
        expect(wrong(name, one.rows, each[n]!)).toEqual([])
        judged.add(one)
      }
    }
    const left = shown.filter((one) => !judged.has(one) && OTHERS.every((heads) => !heads.test(one.heads)))
    expect(left.map(({ section, heads }) => `${section}: ${heads}`)).toEqual([])
    expect(judged.size).toBeGreaterThan(20)
    await close()
  })
})

/** Cells of the Markdown tables below a heading. */
function markdownRows(text: string, heading: string): string[][] {
  const part = text.split(`\n${heading}\n`)[1]!.split(/\n#+ /)[0]!
  const lines = part.split('\n').filter((line) => line.startsWith('| '))
  return lines.slice(2).map((line) =>
    line
      .replaceAll(/<sup>.*?<\/sup>/g, '')
      .split(/(?<!\\)\|/)
      .slice(1, -1),
  )
}

describe('every cell of a table in Markdown', () => {
  test.each(SHAPES)('equals the data to three digits: %j', (shape) => {
    const comparison = inventedComparison(shape)
    const text = renderMarkdown(viewOf(comparison))
    const { ranking, matrix } = expectedTables(comparison)
    for (const [n, { scenario }] of comparison.rankings.entries()) {
      const rows = markdownRows(text, `### ${scenario.title}`).map((cells) => [cells.slice(2).join(' ')])
      // Rounds stand elsewhere.
      const expected = ranking[n]!.map((cells) => [
        cells.flatMap((figures, place) => (place === 5 ? figures.slice(0, 1) : figures)),
      ])
      expect(wrong(scenario.title, rows, expected)).toEqual([])
    }
    const all = markdownRows(text, '## All scenarios').map((cells) => cells.slice(1))
    expect(
      wrong(
        'matrix',
        all,
        matrix.map((row) => row.slice(0, all[0]!.length)),
      ),
    ).toEqual([])
  })
})

describe('the reader of figures', () => {
  test.each([
    ['2.54 µs', [2540], null],
    ['2.54 µs', [2544.9], null],
    ['2.54 µs', [2546], 'is not'],
    ['2.39–2.73 µs', [2390, 2730], null],
    ['998 ns – 1.02 µs', [998, 1020], null],
    ['16,200× 15,000–17,100×', [16_180, 15_040, 17_060], null],
    ['16,200×', [16_260], 'is not'],
    ['2.5 µs', [2500], 'too few digits'],
    ['≤ 1.51 ms [0 ns – 1.51 ms]', [1.51e6, 0, 1.51e6], null],
    ['too few', [null], null],
    ['too few', [5], 'has 0 figures'],
    ['130,000/s', [129_870], null],
  ] as const)('%s is %j: %s', (text, figures, why) => {
    const said = misread(text, figures)
    if (why === null) expect(said).toBeNull()
    else expect(said).toContain(why)
  })
})
