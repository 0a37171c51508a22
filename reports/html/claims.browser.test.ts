/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { expect, test } from 'vitest'
import { inBrowser, overflow } from '../testing/browser.ts'
import { inventedComparison } from '../testing/fixture.ts'

inBrowser('claims', (pages) => {
  test.each([320, 390, 720, 860, 1280])('nothing of them is cut off at %d px, in either theme', async (width) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, trouble, close } = await pages.open(inventedComparison(), {
        viewport: { width, height: 900 },
        colorScheme,
      })
      const cut = await page.locator('#claims .card').evaluate((card) => {
        const edge = card.getBoundingClientRect().right
        const cells = [...card.querySelectorAll('td, tbody th, li')]
        return cells.filter((cell) => cell.getBoundingClientRect().right > edge).length
      })
      expect([cut, await overflow(page), trouble]).toEqual([0, 0, []])
      await close()
    }
  })

  test('can be read without scripts', async () => {
    const comparison = inventedComparison()
    const { page, close } = await pages.open(comparison, { javaScriptEnabled: false })
    const text = await page.locator('#claims').innerText()
    for (const { claim } of comparison.claims) expect(text).toContain(claim.text)
    await close()
  })

  test('hostile claims run nothing', async () => {
    const { page, trouble, close } = await pages.open(inventedComparison({ hostile: true, caveats: 'every' }))
    await page.locator('#claims details').evaluateAll((all) => {
      for (const one of all) (one as HTMLDetailsElement).open = true
    })
    expect(await page.title()).not.toContain('owned')
    expect(trouble).toEqual([])
    await close()
  })
})
