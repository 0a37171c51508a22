/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { expect, test } from 'vitest'
import type { Comparison } from '../../bench/contract/index.ts'
import { inBrowser, painted } from '../testing/browser.ts'
import { inventedComparison } from '../testing/fixture.ts'
import type { Shape } from '../testing/shape.ts'

const CHARTS = ['distribution', 'load', 'over-time', 'lag-cdf', 'lag-timeline']

/** As a run of before timelines and markers were kept. */
function older(comparison: Comparison): Comparison {
  const { run } = comparison
  return {
    ...comparison,
    run: {
      ...run,
      cells: run.cells.map((cell) =>
        cell.outcome === 'measured' ? { ...cell, estimates: { ...cell.estimates, timeline: null } } : cell,
      ),
      lag: run.lag.map((cell) =>
        cell.outcome === 'measured'
          ? { ...cell, traces: null, underLoad: cell.underLoad && { ...cell.underLoad, traces: null } }
          : cell,
      ),
    },
  }
}

inBrowser('charts of load, time and lag', ({ open }) => {
  test.each([
    [{ loads: true }, 'light', 1280],
    [{ loads: true }, 'dark', 390],
    [{ loads: true, backends: 12, scenarios: 2 }, 'dark', 1280],
    [{ loads: true, backends: 12, scenarios: 2 }, 'light', 360],
    [{ loads: true, sources: 3, rounds: 36 }, 'light', 768],
  ] satisfies [Partial<Shape>, 'light' | 'dark', number][])(
    'are painted: %j in %s at %d',
    async (shape, scheme, width) => {
      const { page, trouble, close } = await open(inventedComparison(shape), {
        colorScheme: scheme,
        viewport: { width, height: 900 },
      })
      const shares = new Map((await painted(page)).map(({ id, share }) => [id, share]))
      for (const id of CHARTS) expect(shares.get(`chart-${id}`), id).toBeGreaterThan(0.01)
      expect(trouble).toEqual([])
      await close()
    },
  )

  test('follow the scenario and the chips', async () => {
    const { page, close } = await open(inventedComparison({ loads: true }))
    const labels = (): Promise<(string | null)[]> =>
      Promise.all(CHARTS.map((id) => page.getAttribute(`#chart-${id}`, 'aria-label')))
    const loads = (): Promise<string[]> => page.locator('#load summary:visible').allTextContents()
    expect(await loads()).toEqual(['One row by primary key: every load as a table'])
    const before = await labels()
    await page.selectOption('#scenario', '1')
    expect(await loads()).toEqual(['Fifty rows by index: every load as a table'])
    const after = await labels()
    for (const [n, id] of CHARTS.entries()) expect(after[n] === before[n], id).toBe(id.startsWith('lag'))
    expect(await page.textContent('#figure-over-time h3')).toContain('Fifty rows by index')
    expect(await page.textContent('#figure-lag-cdf h3')).toBe('How soon can a write be read?')
    await page.click('[data-chip="1"]')
    for (const id of ['lag-cdf', 'lag-timeline']) {
      expect(await page.isVisible(`#chart-${id}`), id).toBe(false)
      expect(await page.isVisible(`#figure-${id} .empty`), id).toBe(true)
    }
    await close()
  })

  test('arrow keys walk their points and say value and unit', async () => {
    const { page, close } = await open(inventedComparison({ loads: true }))
    for (const [id, words] of [
      ['distribution', /peak near [\d.,]+ (ns|µs|ms|s)/],
      ['load', /p95 of response time [\d.,]+ (ns|µs|ms|s), [\d.,]+\/s achieved/],
      ['over-time', /round 1, 1st of 2 slices of about .*most operations near [\d.,]+ (ns|µs|ms|s)/],
      ['lag-cdf', /[\d.,]+ ms after the acknowledgement: [\d.]+ % to [\d.]+ % of writes can be read/],
      ['lag-timeline', /after the first marker: .*(ns|µs|ms|s)/],
    ] as const) {
      await page.focus(`#chart-${id}`)
      await page.keyboard.press('ArrowRight')
      const first = await page.textContent('#live')
      expect(first).toMatch(words)
      await page.keyboard.press('ArrowRight')
      expect(await page.textContent('#live')).not.toBe(first)
    }
    await close()
  })

  test('scripts off: their figures stand in tables', async () => {
    const { page, close } = await open(inventedComparison({ loads: true }), { javaScriptEnabled: false })
    for (const title of ['over time as a table', 'all percentiles as a table', 'seen by when, and when, as tables']) {
      const details = page.locator('details', { hasText: title }).first()
      await details.locator('summary').click()
      expect(await details.locator('tbody tr:visible').count(), title).toBeGreaterThan(2)
    }
    expect(await page.locator('#load table.loads').first().isVisible()).toBe(true)
    await close()
  })

  test('a run without any of it says so, in one line each', async () => {
    for (const comparison of [older(inventedComparison()), inventedComparison({ failed: true, lag: false })]) {
      const { page, trouble, close } = await open(comparison)
      for (const id of ['load', 'over-time']) expect(await page.locator(`#${id} .note`).count(), id).toBe(1)
      expect(await page.locator('#replication .note').count()).toBe(1)
      for (const id of ['load', 'over-time', 'lag-cdf', 'lag-timeline'])
        expect(await page.locator(`#chart-${id}`).count(), id).toBe(0)
      expect(trouble).toEqual([])
      await close()
    }
  })
})
