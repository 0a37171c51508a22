import { expect, test } from 'vitest'
import type { Flow } from '../bench/contract/index.ts'
import nPlusOne from '../scenarios/n-plus-one.ts'
import { fitting } from './charts/page-budget.ts'
import { duration } from './format.ts'
import { html, markdown } from './index.ts'
import { pageContrast, pageRows } from './page-cost.ts'
import { inventedComparison } from './testing/fixture.ts'
import { viewOf } from './view.ts'

const comparison = inventedComparison()
const view = viewOf(comparison)

test('a page is n means, fastest first, and so many fit as the budget holds', () => {
  const rows = pageRows(view, 'point-read')
  expect(rows).toHaveLength(6)
  for (const { backend, mean, fits } of rows) {
    expect(mean).toEqual(
      comparison.means.find((one) => one.backend === backend && one.scenario === 'point-read')!.estimate,
    )
    expect(fits * mean.valueNs).toBeLessThanOrEqual(100e6)
    expect((fits + 1) * mean.valueNs).toBeGreaterThan(100e6)
  }
  expect(rows.map(({ mean }) => mean.valueNs)).toEqual(rows.map(({ mean }) => mean.valueNs).toSorted((a, b) => a - b))
  expect(fitting(100e6)).toBe(1)
  expect(fitting(100.1e6)).toBe(0)
})

test('every figure of the table stands in the page and in Markdown', () => {
  const texts = [html.render(comparison), markdown.render(comparison)]
  for (const { mean } of pageRows(view, 'point-read'))
    for (const n of [1, 5, 10, 21, 50])
      for (const text of texts) expect(text.includes(duration(n * mean.valueNs)), `${n}`).toBe(true)
  for (const { predicted, measured } of pageContrast(view)!.rows)
    for (const text of texts)
      for (const { valueNs } of [predicted, measured]) expect(text.includes(duration(valueNs))).toBe(true)
})

test('the measured page asks as often as is predicted', () => {
  const { work } = nPlusOne
  const ask = { page: () => ({ statement: 'page', args: [] }), author: () => ({ statement: 'author', args: [] }) }
  const body = (work as Flow).body(ask, ['2026-01-01'])
  let asked = 0
  for (let step = body.next(); step.done !== true; asked += 1) {
    const posts = Array.from({ length: 20 }, (_, id) => ({ id, author_id: id, title: '' }))
    step = body.next(step.value.statement === 'page' ? posts : [{ name: '' }])
  }
  const { rows, predictedTitle, measuredTitle } = pageContrast(view)!
  expect(predictedTitle).toBe(`${asked} × One row by primary key`)
  expect(measuredTitle).toBe(nPlusOne.title)
  for (const { backend, predicted } of rows)
    expect(predicted.valueNs).toBeCloseTo(asked * view.mean(backend, 'point-read')!.valueNs, 6)
})

test('a run without the page, or without a mean, contrasts nothing and says so', () => {
  expect(pageContrast(viewOf(inventedComparison({ scenarios: 3 })))).toBeNull()
  expect(pageContrast(viewOf(inventedComparison({ failed: true })))).toBeNull()
  expect(html.render(inventedComparison({ failed: true }))).toContain('No page can be summed up')
  expect(markdown.render(inventedComparison({ failed: true }))).not.toContain('What does a page cost?')
})

test('a run without distances says in one line what measures them', () => {
  const page = html.render(inventedComparison({ distance: false }))
  expect(page).toMatch(/No distance was swept: <code>npx sqlatency run --plan distance<\/code>/)
  expect(page).not.toMatch(/<input[^>]*data-rtt|chart-distance/)
})
