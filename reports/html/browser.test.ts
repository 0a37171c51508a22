/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import type { Run } from '../../bench/contract/index.ts'
import { duration } from '../format.ts'
import { renderMarkdown } from '../markdown.ts'
import { executablePath, inBrowser, overflow, painted } from '../testing/browser.ts'
import { inventedComparison } from '../testing/fixture.ts'
import type { Shape } from '../testing/shape.ts'
import { viewOf } from '../view.ts'

/** What the controls and the charts show. */
const state = (page: Page): Promise<unknown> =>
  page.evaluate(() => ({
    scenario: document.querySelector<HTMLSelectElement>('#scenario')!.value,
    pressed: [...document.querySelectorAll('[data-chip]')].map((chip) => chip.getAttribute('aria-pressed')),
    rows: [...document.querySelectorAll<HTMLElement>('[data-backend]')].filter((part) => part.offsetParent !== null)
      .length,
    ladder: document.querySelector('#chart-ladder')!.getAttribute('aria-label'),
    tail: document.querySelector('#chart-tail')!.getAttribute('aria-label'),
  }))

// Where a pipeline promises a browser, a missing one must not pass for a success.
test.runIf(process.env['CI'] !== undefined)('a browser is there', () => {
  expect(executablePath, 'install Chromium or name it in SQLATENCY_CHROMIUM').not.toBeNull()
})

inBrowser('in a browser', ({ open, write }) => {
  test.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
  ] as const)('paints every chart in %s at %d, without a request or a complaint', async (colorScheme, width) => {
    const { page, trouble, close } = await open(inventedComparison(), {
      colorScheme,
      viewport: { width, height: 900 },
    })
    const canvases = await painted(page)
    expect(canvases.map(({ id }) => id)).toEqual([
      'chart-ladder',
      'chart-page',
      'chart-tail',
      'chart-distribution',
      'chart-distance',
      'chart-over-time',
      'chart-stale',
      'chart-lag-cdf',
      'chart-lag-timeline',
    ])
    for (const { id, share } of canvases) expect(share, id).toBeGreaterThan(0.005)
    expect(trouble).toEqual([])
    await close()
  })

  test.each([
    {},
    { hostile: true, caveats: 'every' },
    { backends: 12, scenarios: 4 },
    { loads: true },
    { k6: true, hostile: true },
    { earlier: true },
  ] satisfies Partial<Shape>[])('needs no sideways scrolling from 320 to 1600: %j', async (shape) => {
    const { page, close } = await open(inventedComparison(shape))
    await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true
    })
    for (const width of [320, 360, 390, 640, 768, 1024, 1280, 1600]) {
      await page.setViewportSize({ width, height: 800 })
      await page.waitForFunction(() => document.documentElement.clientWidth >= window.innerWidth - 20)
      expect(await overflow(page), String(width)).toBeLessThanOrEqual(0)
    }
    await close()
  })

  test('the ranking of every scenario shows the figures of the run', async () => {
    const comparison = inventedComparison()
    const { page, close } = await open(comparison)
    for (const [index, scenario] of comparison.run.scenarios.entries()) {
      await page.selectOption('#scenario', String(index))
      const shown = await page.evaluate(() =>
        [...document.querySelectorAll('#ranking article[data-scenario]:not([hidden]) tbody tr')].map(
          (row) => row.querySelector('td .main')!.textContent,
        ),
      )
      const ranking = comparison.rankings.find((one) => one.scenario.id === scenario.id)!
      expect(shown).toEqual(ranking.rows.map((row) => duration(row.cell.estimates.p50.valueNs)))
      const label = (await page.getAttribute('#chart-ladder', 'aria-label'))!
      for (const row of ranking.rows) expect(label).toContain(`p50 ${duration(row.cell.estimates.p50.valueNs)}`)
    }
    await close()
  })

  test('scenario and chips drive all views, live in the address, and the address restores them', async () => {
    const comparison = inventedComparison()
    const first = await open(comparison)
    const before = await state(first.page)
    await first.page.selectOption('#scenario', '5')
    await first.page.click('[data-chip="1"]')
    await first.page.click('[data-chip="3"]')
    const after = await state(first.page)
    expect(after).not.toEqual(before)
    const hash = await first.page.evaluate(() => location.hash)
    expect(hash).toBe('#scenario=insert&hide=turso-replica&hide=postgres')
    await first.close()

    const second = await open(comparison, { hash })
    expect(await state(second.page)).toEqual(after)
    await second.page.click('nav a[href="#tail"]')
    expect(await second.page.evaluate(() => location.hash)).toBe(`${hash}&at=tail`)
    expect(await second.page.evaluate(() => document.querySelector('#tail')!.getBoundingClientRect().top)).toBeLessThan(
      200,
    )
    await second.page.click('[data-chip="1"]')
    await second.page.click('[data-chip="3"]')
    await second.page.selectOption('#scenario', '0')
    expect(await state(second.page)).toEqual(before)
    await second.close()

    const strange = await open(comparison, { hash: '#scenario=nothing&hide=nobody&at=%3Cscript%3E' })
    expect(await state(strange.page)).toEqual(before)
    expect(strange.trouble).toEqual([])
    await strange.close()
  })

  test('hiding every backend leaves no empty axes', async () => {
    const { page, trouble, close } = await open(inventedComparison({ backends: 2, lag: false }))
    for (const chip of ['0', '1']) await page.click(`[data-chip="${chip}"]`)
    expect(await page.isVisible('#chart-ladder')).toBe(false)
    expect(await page.isVisible('#figure-ladder .empty')).toBe(true)
    await page.click('[data-chip="0"]')
    expect(await page.isVisible('#chart-ladder')).toBe(true)
    expect(trouble).toEqual([])
    await close()
  })

  test('arrow keys walk the points of a chart and say value and unit', async () => {
    const comparison = inventedComparison()
    const { page, close } = await open(comparison)
    await page.focus('#chart-ladder')
    const said: string[] = []
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowUp']) {
      await page.keyboard.press(key)
      said.push(await page.textContent('#live').then(String))
    }
    const [first, second] = comparison.rankings[0]!.rows.map((row) => duration(row.cell.estimates.p50.valueNs))
    expect(said[0]).toContain(`p50 ${first}`)
    expect(said[1]).toContain(`p50 ${second}`)
    expect(said[2]).toBe(said[0])
    await close()
  })

  test('the theme button goes from automatic to light to dark and the charts follow', async () => {
    const { page, close } = await open(inventedComparison(), { colorScheme: 'light' })
    const ground = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const picture = (): Promise<string> =>
      page.evaluate(() => document.querySelector<HTMLCanvasElement>('#chart-ladder')!.toDataURL())
    const [light, lightPicture] = [await ground(), await picture()]
    await page.click('#theme')
    expect(await ground()).toBe(light)
    await page.click('#theme')
    expect(await page.textContent('#theme')).toBe('Theme: dark')
    expect(await ground()).not.toBe(light)
    expect(await picture()).not.toBe(lightPicture)
    await close()
  })

  test('the download is the run, the copy is the Markdown report', async () => {
    const comparison = inventedComparison()
    const { page, trouble, close } = await open(comparison, { permissions: ['clipboard-read', 'clipboard-write'] })
    const [file] = await Promise.all([page.waitForEvent('download'), page.click('#download')])
    expect(file.suggestedFilename()).toBe(`${comparison.run.id}.json`)
    const chunks: Buffer[] = []
    for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer)
    expect(JSON.parse(Buffer.concat(chunks).toString()) as Run).toEqual(JSON.parse(JSON.stringify(comparison.run)))
    await page.click('[data-copy=markdown]')
    await page.waitForFunction(() => document.querySelector('#toast')!.textContent !== '')
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(renderMarkdown(viewOf(comparison)))
    expect(trouble).toEqual([])
    await close()
  })

  test('hostile names run nothing, and the policy refuses what is injected', async () => {
    const { page, trouble, close } = await open(inventedComparison({ hostile: true, caveats: 'every' }))
    const count = await page.locator('#scenario option').count()
    for (let index = 0; index < count; index += 1) await page.selectOption('#scenario', String(index))
    expect(await page.title()).toMatch(/^Where should one SQL query live\?/)
    expect(await page.locator('img').count()).toBe(0)
    expect(trouble).toEqual([])
    await page.evaluate(() => {
      const script = document.createElement('script')
      script.textContent = "document.title = 'owned'"
      document.body.append(script)
    })
    expect(await page.title()).not.toBe('owned')
    expect(trouble.join(' ')).toMatch(/Content Security Policy/)
    await close()
  })

  test('works in a sandboxed frame', async () => {
    const { page, trouble, close } = await open(inventedComparison())
    const source = page.url()
    await page.goto(
      await write('frame.html', `<iframe sandbox="allow-scripts" width="900" height="700" src="${source}"></iframe>`),
    )
    const frame = page.frames()[1]!
    await frame.waitForSelector('html[data-ready=yes]', { state: 'attached' })
    await frame.selectOption('#scenario', '3')
    expect(trouble.filter((line) => line.startsWith('error'))).toEqual([])
    await close()
  })

  test('without scripts every scenario, the matrix, the caveats and the method can be read', async () => {
    const comparison = inventedComparison()
    const { page, close } = await open(comparison, { javaScriptEnabled: false })
    expect(await page.locator('#ranking article[data-scenario]:visible').count()).toBe(comparison.run.scenarios.length)
    expect(await page.locator('table.matrix:visible tbody tr').count()).toBe(comparison.run.scenarios.length)
    expect(await page.locator('.caveats li:visible').count()).toBe(comparison.caveats.length)
    expect(await page.locator('#method dl:visible').count()).toBeGreaterThan(2)
    expect(await page.locator('canvas:visible, button:visible').count()).toBe(0)
    await close()
  })

  test('prints light pages from a dark screen', async () => {
    const { page, close } = await open(inventedComparison(), { colorScheme: 'dark' })
    await page.emulateMedia({ media: 'print' })
    expect(await page.evaluate(() => getComputedStyle(document.body).getPropertyValue('--card').trim())).toBe('#FFFFFF')
    // The width between the margins of A4; a table that is wider would lose its last columns.
    await page.setViewportSize({ width: 704, height: 1000 })
    const cut = await page.evaluate(() =>
      [...document.querySelectorAll('.scroll')]
        .filter((part) => part.scrollWidth > part.clientWidth + 1)
        .map((part) => part.querySelector('table')?.className),
    )
    expect(cut).toEqual([])
    expect((await page.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-')
    await close()
  })

  test.each([
    { backends: 1, scenarios: 1, rounds: 1, operations: 1, lag: false, withNull: false, gaps: false },
    { backends: 0, scenarios: 0, gaps: false, lag: false },
    { failed: true },
    { alike: true },
    { backends: 12, scenarios: 3, earlier: true },
  ] satisfies Partial<Shape>[])('opens without complaint: %j', async (shape) => {
    const { page, trouble, close } = await open(inventedComparison(shape))
    const text = await page.evaluate(() => document.body.innerText)
    expect(text).not.toMatch(/NaN|Infinity|undefined|\[object/)
    for (const { id, share } of await painted(page)) expect(share, id).toBeGreaterThan(0.003)
    expect(trouble).toEqual([])
    await close()
  })
})
