/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { expect, test } from 'vitest'
import { inBrowser, painted } from '../testing/browser.ts'
import { inventedComparison } from '../testing/fixture.ts'
import { viewOf } from '../view.ts'

inBrowser('a figure in somebody else’s page', ({ open, write }) => {
  const comparison = inventedComparison({ caveats: 'every' })

  test('stands alone, with run, machine and every caveat', async () => {
    const { page, trouble, close } = await open(comparison, { hash: '#embed=ladder&scenario=insert' })
    expect((await painted(page)).map(({ id }) => id)).toEqual(['chart-ladder'])
    const text = await page.evaluate(() => document.body.innerText)
    expect(text).toContain('Insert one row')
    expect(text).toContain(comparison.run.id)
    for (const { title } of viewOf(comparison).notes) expect(text).toContain(title)
    expect(text).toContain('simulator')
    expect(await page.locator('nav, header, select:visible, table').count()).toBe(0)
    expect(trouble).toEqual([])
    for (const width of [320, 640, 1280]) {
      await page.setViewportSize({ width, height: 600 })
      // Charts follow their room a moment later.
      await page.waitForFunction(() => document.documentElement.scrollWidth <= window.innerWidth)
    }
    await close()
  })

  test('may be a whole section, and works in a sandboxed frame', async () => {
    const { page, trouble, close } = await open(comparison, { hash: '#embed=all' })
    expect(await page.locator('table.matrix:visible').count()).toBe(1)
    const source = page.url()
    await page.goto(
      await write('embed.html', `<iframe sandbox="allow-scripts" width="700" height="600" src="${source}"></iframe>`),
    )
    const frame = page.frames()[1]!
    await frame.waitForSelector('html[data-ready=yes]', { state: 'attached' })
    expect(await frame.locator('#embed-foot:visible').count()).toBe(1)
    expect(trouble.filter((line) => line.startsWith('error'))).toEqual([])
    await close()
  })

  test('a name that is none shows the whole page', async () => {
    const { page, close } = await open(comparison, { hash: '#embed=nothing' })
    expect(await page.locator('section:visible').count()).toBeGreaterThan(5)
    expect(await page.locator('#embed-foot:visible').count()).toBe(0)
    await close()
  })
})
