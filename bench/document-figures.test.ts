import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

/** Figures in documents are those of the runs in the gallery, whose articles `gallery.test.ts` holds against their data. */

const read = (path: string): string => readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8')

/** Rows of all tables as trimmed cells, without heads and the letters of caveats. */
const rowsOf = (markdown: string): string[][] =>
  markdown
    .split('\n')
    .filter((line) => /^\|.*\|$/.test(line) && !/^\|[\s:|-]+\|$/.test(line))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.replace(/<sup>.*?<\/sup>/, '').trim()),
    )

const section = (markdown: string, from: string, to: string): string => {
  const start = markdown.indexOf(from)
  expect(start, from).toBeGreaterThan(-1)
  const end = markdown.indexOf(to, start + from.length)
  return markdown.slice(start, end === -1 ? undefined : end)
}

const figuresOf = (path: string): string => section(read(path), '<!-- figures -->', '<!-- /figures -->')

const commitOf = (name: string): string => {
  const { harness } = JSON.parse(read(`docs/gallery/${name}/run.json`)) as { harness: { commit: string } }
  return `harness ${harness.commit}`
}

describe('the figures of', () => {
  test('README.md are those of the default run', () => {
    const figures = figuresOf('README.md')
    expect(figures).toContain(commitOf('default'))
    const matrix = rowsOf(section(read('docs/gallery/default/report.md'), '## All scenarios', '## Rankings'))
    expect(rowsOf(figures).slice(1)).toEqual(matrix.slice(1))
    expect(matrix).toHaveLength(13)
  })

  test('docs/claims.md are those of the default run', () => {
    const here = rowsOf(section(read('docs/claims.md'), '## A real run', '\n## '))
    const article = rowsOf(section(read('docs/gallery/default/report.md'), '## Published claims', '\n## '))
    expect(here.slice(1)).toEqual(article.slice(1).map((row) => row.slice(0, 4)))
    expect(here.length).toBeGreaterThan(5)
  })

  test('docs/distance.md are those of the run of distances', () => {
    const figures = figuresOf('docs/distance.md')
    expect(figures).toContain(commitOf('distance'))
    const article = read('docs/gallery/distance/report.md')
    const rows = rowsOf(figures).slice(1)
    expect(rows).toHaveLength(8)
    for (const [name, scenario, ...cells] of rows) {
      const law = rowsOf(section(article, `### ${scenario}, by distance`, '\n##'))
      const [[, k, interval, a, , leftOut], [, ...points]] = law.filter(([backend]) => backend === name) as [
        string[],
        string[],
      ]
      expect(cells).toEqual([k, interval, a, leftOut, ...points.map((point) => point.replace(/ \(.*$/, ''))])
    }
  })
})
