/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { charts } from '../charts/index.ts'
import { inBrowser, overflow, painted } from '../testing/browser.ts'
import { inventedComparison } from '../testing/fixture.ts'
import type { Shape } from '../testing/shape.ts'
import { LONG } from '../testing/shape.ts'
import { viewOf } from '../view.ts'

const ONE = { backends: 1, scenarios: 1, rounds: 1, operations: 1, withNull: false, gaps: false } as const

/** What is written, and what is said to those who do not see. */
const said = (page: Page): Promise<string> =>
  page.evaluate(() =>
    [
      document.body.innerText,
      ...[...document.querySelectorAll('[aria-label]')].map((part) => part.getAttribute('aria-label')),
    ].join('\n'),
  )

inBrowser('an awkward run', ({ open }) => {
  test.each([
    ['1 backend, 1 sample, no replication, no distance', { ...ONE, lag: false, distance: false }],
    ['1 sample, and a replica', { ...ONE, backends: 2 }],
    ['no replication, no baseline', { lag: false, scenarios: 2 }],
    ['all errors', { failed: true, loads: true, earlier: true }],
    ['nothing at all', { backends: 0, scenarios: 0, gaps: false, lag: false }],
    ['12 backends', { backends: 12, scenarios: 2, loads: true, earlier: true }],
    ['names of 60 characters', { hostile: true, scenarios: 4, loads: true, earlier: true, sources: 2 }],
    ['every caveat', { caveats: 'every', scenarios: 2 }],
  ] satisfies [string, Partial<Shape>][])('%s: says no NaN, shows no empty axes', async (_, shape) => {
    for (const width of [1280, 390]) {
      const { page, trouble, close } = await open(inventedComparison(shape), { viewport: { width, height: 900 } })
      expect(await said(page)).not.toMatch(/NaN|Infinity|undefined|\[object/)
      for (const { id, share } of await painted(page)) {
        expect(share, id).toBeGreaterThan(0.003)
        await page.focus(`#${id}`)
        await page.keyboard.press('ArrowRight')
        expect(await page.textContent('#live'), id).toMatch(/\S/)
        await page.evaluate(() => {
          document.querySelector('#live')!.textContent = ''
        })
      }
      expect(await overflow(page)).toBeLessThanOrEqual(0)
      expect(trouble).toEqual([])
      await close()
    }
  })

  test('a name is as long as it is, on screen and in the chart’s summary', async () => {
    expect(LONG.length).toBeGreaterThanOrEqual(60)
    const { page, close } = await open(inventedComparison({ hostile: true, scenarios: 1 }))
    expect(await page.textContent('#ranking table')).toContain(LONG)
    await close()
  })

  test.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
    ['dark', 390],
  ] as const)('a run with everything paints every chart that there is, in %s at %d', async (colorScheme, width) => {
    const { page, trouble, close } = await open(inventedComparison({ loads: true, earlier: true, scenarios: 3 }), {
      colorScheme,
      viewport: { width, height: 900 },
    })
    const shares = await painted(page)
    expect(shares.map(({ id }) => id).toSorted()).toEqual(
      Object.keys(charts)
        .map((id) => `chart-${id}`)
        .toSorted(),
    )
    for (const { id, share } of shares) expect(share, id).toBeGreaterThan(0.005)
    expect(trouble).toEqual([])
    await close()
  })

  test('scripts off: verdict, ranking, matrix, distance, caveats and method can be read', async () => {
    const comparison = inventedComparison({ scenarios: 3 })
    const { page, close } = await open(comparison, { javaScriptEnabled: false })
    for (const part of [
      '.verdict',
      '#ranking table.rank tbody tr',
      '#all table.matrix tbody tr',
      '#distance table tbody tr',
      '.caveats li',
      '#method dl dd',
      '#reproduce pre',
    ])
      expect(await page.locator(`${part}:visible`).count(), part).toBeGreaterThan(0)
    const text = await page.evaluate(() => document.body.innerText)
    for (const { title } of viewOf(comparison).notes) expect(text).toContain(title)
    expect(await page.locator('.scripted:visible').count()).toBe(0)
    await close()
  })
})
