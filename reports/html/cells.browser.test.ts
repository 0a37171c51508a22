import { describe, expect, test } from 'vitest'
import { renderMarkdown } from '../markdown.ts'
import { inBrowser } from '../testing/browser.ts'
import type { ExpectedRow, ExpectedTable } from '../testing/expected-table.ts'
import { expectedTables } from '../testing/expected.ts'
import { inventedComparison } from '../testing/fixture.ts'
import type { Shape } from '../testing/shape.ts'
import type { ShownTable } from '../testing/shown.ts'
import { shownTables } from '../testing/shown.ts'
import { misread } from '../testing/written.ts'
import { viewOf } from '../view.ts'

const SHAPES: readonly Partial<Shape>[] = [
  { scenarios: 5, loads: true, earlier: true, k6: true },
  { scenarios: 6, gaps: false, rounds: 3, operations: 40 },
  { scenarios: 5, operations: 834 },
  { backends: 12, scenarios: 5 },
]

/** Compared in the other files of cells, each beside what it needs. */
const ELSEWHERE: readonly (readonly [section: string, heads: RegExp])[] = [
  ['replication', /^(after the acknowledgement|markers)$/], // cells-lag
  ['over-time', /^Backend$/], // cells-slow
  ['baseline', /^(Scenario|Run)$/], // cells-earlier
  ['claims', /^Claim$/], // cells-claims
  ['http', /^Scenario, backend$/], // cells-k6
]

const isElsewhere = ({ section, heads, fold }: ShownTable): boolean =>
  fold.startsWith('Slow operations') || ELSEWHERE.some(([where, first]) => where === section && first.test(heads[0]!))

/** `k` and shares have as many digits as they need. */
const digitsOf = (name: string): number => (name === 'laws' || name === 'contrast' ? 0 : 3)

function wrongCell(text: string, expected: ExpectedRow['cells'][number], digits: number): string | null {
  if (expected === null) return null
  if (typeof expected === 'string') return text === expected ? null : `“${text}” is not “${expected}”`
  return misread(text, expected, digits)
}

/** Wrong cells, in words. */
function wrong(name: string, rows: readonly (readonly string[])[], expected: readonly ExpectedRow[]): string[] {
  if (rows.length !== expected.length) return [`${name} has ${rows.length} rows, not ${expected.length}`]
  return rows.flatMap(([first = '', ...texts], n) => {
    const { head, cells } = expected[n]!
    const at = `${name}, row ${n + 1}`
    if (!`${first} `.startsWith(`${head} `)) return [`${at} is of ${first}, not of ${head}`]
    if (texts.length !== cells.length) return [`${at} has ${texts.length} cells, not ${cells.length}`]
    return cells.flatMap((one, place) => {
      const said = wrongCell(texts[place]!, one, digitsOf(name))
      return said === null ? [] : [`${at}, column ${place + 2}: ${said}`]
    })
  })
}

/** Whether a table of the page is the one that is wanted, by its place and by all of its heads. */
const isFor = (shown: ShownTable, { section, scenario, caption, heads }: ExpectedTable): boolean =>
  shown.section === section &&
  shown.scenario === scenario &&
  (caption === undefined || shown.caption === caption) &&
  shown.heads.length === heads.length &&
  heads.every((head, n) => wrongCell(shown.heads[n]!, head, 3) === null)

inBrowser('every cell of a table', ({ open }) => {
  test.each(SHAPES)('equals the data to three digits: %j', async (shape) => {
    const comparison = inventedComparison(shape)
    const { page, close } = await open(comparison)
    const shown = await shownTables(page)
    const judged = new Set<ShownTable>()
    for (const [name, tables] of Object.entries(expectedTables(comparison))) {
      for (const table of tables) {
        const found = shown.filter((one) => isFor(one, table))
        expect(found.length, `${name}, scenario ${table.scenario}`).toBe(1)
        expect(wrong(name, found[0]!.rows, table.rows)).toEqual([])
        judged.add(found[0]!)
      }
    }
    const left = shown.filter((one) => !judged.has(one) && !isElsewhere(one))
    expect(left.map(({ section, heads }) => `${section}: ${heads.join(' ')}`)).toEqual([])
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
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

describe('every cell of a table in Markdown', () => {
  test.each(SHAPES)('equals the data to three digits: %j', (shape) => {
    const comparison = inventedComparison(shape)
    const text = renderMarkdown(viewOf(comparison))
    const { ranking, matrix } = expectedTables(comparison)
    for (const { scenario, rows } of ranking) {
      const { title } = comparison.run.scenarios[scenario!]!
      const shown = markdownRows(text, `### ${title}`).map(([place, backend, ...figures]) => [
        `${place} ${backend}`,
        figures.join(' '),
      ])
      // All figures of a row in one cell, for there each end of an interval may have a column; rounds stand elsewhere.
      const expected = rows.map(({ head, cells }) => ({
        head,
        cells: [
          cells.flatMap((cell, place) => (typeof cell !== 'object' ? [] : place === 5 ? cell!.slice(0, 1) : cell!)),
        ],
      }))
      expect(wrong(title, shown, expected)).toEqual([])
    }
    // The harness alone stands elsewhere.
    const databases = comparison.run.backends.filter(({ traits }) => !traits.includes('null')).length
    const expected = matrix[0]!.rows.map(({ head, cells }) => ({ head, cells: cells.slice(0, databases) }))
    const all = markdownRows(text, '## All scenarios').map((cells) => cells.slice(0, databases + 1))
    expect(wrong('matrix', all, expected)).toEqual([])
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
