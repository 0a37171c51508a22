/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { meansAt, standings } from '../charts/at-distance.ts'
import { bin } from '../charts/bins.ts'
import { chartData } from '../charts/data.ts'
import { count, duration, ratio } from '../format.ts'
import { inBrowser, overflow, painted } from '../testing/browser.ts'
import { inventedComparison } from '../testing/fixture.ts'
import { viewOf } from '../view.ts'

const comparison = inventedComparison({ gaps: false })
const data = chartData(viewOf(comparison), 0, '')

/** Parts of the page that can be read, and what is asked of each: its text, or an attribute or property. */
const PARTS = {
  scenario: ['#scenario', 'value'],
  chips: ['.chip', 'aria-pressed'],
  sliders: ['input[type=range]', 'value'],
  said: ['output', 'text'],
  notes: ['[data-moved]', 'text'],
  ladder: ['#chart-ladder', 'aria-label'],
  tail: ['#chart-tail', 'aria-label'],
  page: ['#chart-page', 'aria-label'],
  distance: ['#chart-distance', 'aria-label'],
  ranking: ['#ranking article tbody tr', 'text'],
  matrix: ['.matrix tbody tr', 'text'],
  bins: ['.matrix td', 'class'],
  costs: ['#page article tbody tr', 'text'],
} as const

/** What every view shows that a control drives, and what the controls show. */
const views = (page: Page): Promise<Record<string, (string | null)[]>> =>
  page.evaluate(
    (parts) =>
      Object.fromEntries(
        Object.entries(parts).map(([name, [selector, what]]) => [
          name,
          [...document.querySelectorAll<HTMLInputElement>(selector)]
            .filter((part) => part.offsetParent !== null)
            .map((part) =>
              what === 'text' ? part.innerText : what === 'value' ? part.value : part.getAttribute(what),
            ),
        ]),
      ),
    PARTS,
  )

const bodies = (page: Page): Promise<string[]> =>
  page.evaluate(() => [...document.querySelectorAll('tbody')].map((body) => body.innerHTML))

const slide = (page: Page, selector: string, value: number): Promise<void> =>
  page.locator(selector).first().fill(String(value))

inBrowser('the controls', ({ open, write }) => {
  test('scenario, chips, distance and queries drive all views, and the address restores them', async () => {
    const first = await open(comparison)
    const seen = [await views(first.page)]
    const changed = (): string[] => {
      const [before, after] = seen.slice(-2) as [Record<string, unknown>, Record<string, unknown>]
      return Object.keys(after).filter((key) => JSON.stringify(after[key]) !== JSON.stringify(before[key]))
    }
    await first.page.selectOption('#scenario', '1')
    seen.push(await views(first.page))
    expect(changed()).toEqual(
      expect.arrayContaining(['scenario', 'ladder', 'tail', 'page', 'distance', 'ranking', 'costs']),
    )
    await first.page.click('[data-chip="4"]')
    seen.push(await views(first.page))
    expect(changed()).toEqual(expect.arrayContaining(['chips', 'ladder', 'tail', 'page', 'ranking', 'matrix', 'costs']))
    await first.page.click('#distance [data-rtt-ms="14"]')
    seen.push(await views(first.page))
    expect(changed()).toEqual(
      expect.arrayContaining(['sliders', 'said', 'notes', 'ladder', 'page', 'ranking', 'matrix', 'bins', 'costs']),
    )
    await slide(first.page, '#queries', 21)
    seen.push(await views(first.page))
    expect(changed()).toEqual(expect.arrayContaining(['sliders', 'said', 'page']))
    await first.page.focus('#scenario')
    const hash = await first.page.evaluate(() => location.hash)
    expect(hash).toBe('#scenario=range-read&hide=postgres-1ms&rtt=14&queries=21')
    expect(first.trouble).toEqual([])
    await first.close()

    const second = await open(comparison, { hash })
    expect(await views(second.page)).toEqual(seen.at(-1))
    await second.page.selectOption('#scenario', String(data.first))
    await second.page.click('[data-chip="4"]')
    await second.page.click('#ranking [data-rtt-ms="0"]')
    await slide(second.page, '#queries', 10)
    expect(await views(second.page)).toEqual(seen[0])
    await second.close()
  })

  test('what is strange in the address is as if it were not there', async () => {
    const plain = await open(comparison)
    const wanted = await views(plain.page)
    await plain.close()
    for (const hash of ['#rtt=-5&queries=0', '#rtt=1e9&queries=51', '#rtt=abc&queries=2.5', '#rtt=&queries=']) {
      const { page, trouble, close } = await open(comparison, { hash })
      expect(await views(page), hash).toEqual(wanted)
      expect(trouble).toEqual([])
      await close()
    }
  })

  test('ranking and matrix at a distance say what the law says, and at none what was measured to the letter', async () => {
    const { page, close } = await open(comparison)
    const measured = await bodies(page)
    for (const rttMs of [0.5, 14, 230]) {
      await page.click(`#ranking [data-rtt-ms="${rttMs}"]`)
      for (const scenario of [0, 1]) {
        await page.selectOption('#scenario', String(scenario))
        const expected = standings(data, scenario, rttMs * 1e6)
        const rows = await page.evaluate(() =>
          [...document.querySelectorAll('#ranking article:not([hidden]) tbody tr')].map((row) => ({
            place: row.querySelector('.place')!.textContent,
            p50: row.querySelector('.main')!.textContent,
            fitted: row.classList.contains('fitted'),
            text: (row as HTMLElement).innerText,
          })),
        )
        expect(rows.map(({ p50 }) => p50)).toEqual(expected.map(({ ns }) => duration(ns)))
        expect(rows.map(({ place }) => place)).toEqual(expected.map(({ rank }) => String(rank ?? '–')))
        for (const [n, { origin }] of expected.entries()) {
          const isFitted = origin === 'fitted' || origin === 'beyond'
          expect(rows[n]!.fitted).toBe(isFitted)
          const word = { fitted: 'fitted', beyond: 'extrapolated', constant: 'in process', measured: 'not moved' }[
            origin
          ]
          expect(rows[n]!.text).toContain(word)
        }
        const costs = await page.evaluate(() =>
          [...document.querySelectorAll('#page article:not([hidden]) table.page tbody tr')].map((row) =>
            [...row.querySelectorAll('td')].map((cell) => cell.firstChild!.textContent),
          ),
        )
        expect(costs).toEqual(
          meansAt(data, scenario, rttMs * 1e6).map(({ meanNs }) => [
            ...[1, 5, 10, 21, 50].map((n) => duration(n * meanNs)),
            count(Math.floor(100e6 / meanNs)),
          ]),
        )
        const cells = await page.evaluate(
          (row) =>
            [...document.querySelectorAll<HTMLTableRowElement>('.matrix tbody tr')[row]!.querySelectorAll('td')]
              .slice(0, 6)
              .map((cell) => ({
                p50: cell.querySelector('b')!.textContent,
                kind: cell.className,
                text: cell.innerText,
              })),
          scenario,
        )
        for (const { backend, ns, rank, ratio: times } of expected) {
          expect(cells[backend]!.p50).toBe(duration(ns))
          if (rank === null) continue
          expect(cells[backend]!.kind).toContain(rank === 1 ? 'q0' : `q${bin(times!.value)}`)
          expect(cells[backend]!.text).toContain(rank === 1 ? '★ fastest' : ratio(times!.value))
        }
      }
    }
    await page.click('#distance [data-rtt-ms="0"]')
    await page.selectOption('#scenario', String(data.first))
    expect(await bodies(page)).toEqual(measured)
    await close()
  })

  test('works by keyboard, says the distance, and writes the address when the slider rests', async () => {
    const { page, close } = await open(comparison)
    await page.focus('#rtt-distance')
    await page.keyboard.press('End')
    expect(await page.getAttribute('#rtt-distance', 'aria-valuetext')).toBe('300 ms away, fitted')
    expect(await page.inputValue('#rtt-ranking')).toBe(await page.inputValue('#rtt-distance'))
    expect(await page.evaluate(() => location.hash)).toBe('#rtt=300')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('rtt-distance')
    await page.keyboard.press('Home')
    expect(await page.getAttribute('#rtt-distance', 'aria-valuetext')).toBe('as measured')
    expect(await page.isDisabled('#distance [data-rtt-ms="0"]')).toBe(true)
    await page.focus('#chart-distance')
    await page.keyboard.press('ArrowRight')
    expect(await page.textContent('#live')).toMatch(
      /\d [nµm]?s (at any distance, in process|measured at .* of round trip)/,
    )
    await close()
  })

  test('a scenario without a law says so and stays as it was measured', async () => {
    const { page, close } = await open(comparison, { hash: '#scenario=insert&rtt=20' })
    expect(await page.textContent('#ranking [data-moved]')).toMatch(/^No backend has a law in this scenario/)
    expect(await page.locator('#ranking article:visible tr.fitted').count()).toBe(0)
    expect((await painted(page)).map(({ id }) => id)).toContain('chart-distance')
    await close()
  })

  test('a sandboxed frame, paper and an embedded ladder show and say what was chosen', async () => {
    const { page, trouble, close } = await open(comparison, { hash: '#rtt=20' })
    await page.emulateMedia({ media: 'print' })
    expect(await page.isVisible('#ranking [data-moved]')).toBe(true)
    expect(await page.isVisible('#rtt-ranking')).toBe(false)
    await page.emulateMedia({ media: 'screen' })
    const source = page.url().replace(/#.*/, '')
    await page.goto(
      await write(
        'moved.html',
        `<iframe sandbox="allow-scripts" width="900" height="700" src="${source}#rtt=20"></iframe>`,
      ),
    )
    const frame = page.frames()[1]!
    await frame.waitForSelector('html[data-ready=yes]', { state: 'attached' })
    expect(await frame.locator('#ranking article:visible tr.fitted').count()).toBe(2)
    await frame.locator('#rtt-ranking').fill('0')
    expect(await frame.locator('tr.fitted').count()).toBe(0)
    expect(trouble.filter((line) => line.startsWith('error'))).toEqual([])
    await close()

    const embedded = await open(comparison, { hash: '#embed=ladder&rtt=20' })
    expect(await embedded.page.textContent('#embed-foot [data-moved]')).toContain('fitted and not measured')
    expect(await embedded.page.getAttribute('#chart-ladder', 'aria-label')).toContain('fitted')
    await embedded.close()
  })

  test('without scripts the costs of pages and the laws can be read, and nothing asks to be moved', async () => {
    const { page, close } = await open(comparison, { javaScriptEnabled: false, hash: '#rtt=20' })
    expect(await page.locator('#page article[data-scenario]:visible').count()).toBe(comparison.run.scenarios.length)
    expect(await page.locator('#distance table:visible').count()).toBeGreaterThan(1)
    expect(await page.locator('input:visible, output:visible, [data-moved]:visible').count()).toBe(0)
    await close()
  })

  test.each([{ hostile: true }, { backends: 12, scenarios: 3 }, { failed: true }, { distance: false }] as const)(
    'needs no sideways scrolling when moved, and breaks nothing: %j',
    async (shape) => {
      const { page, trouble, close } = await open(inventedComparison(shape), { hash: '#rtt=150&queries=50' })
      for (const width of [320, 390, 768, 1280]) {
        await page.setViewportSize({ width, height: 800 })
        await page.waitForFunction(() => document.documentElement.clientWidth >= window.innerWidth - 20)
        expect(await overflow(page), String(width)).toBeLessThanOrEqual(0)
      }
      expect(await page.evaluate(() => document.body.innerText)).not.toMatch(/NaN|Infinity|undefined|\[object/)
      expect(trouble).toEqual([])
      await close()
    },
  )
})
