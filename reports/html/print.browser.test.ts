/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { inBrowser } from '../testing/browser.ts'
import { inventedComparison } from '../testing/fixture.ts'

/** What lies between the margins of A4. */
const PAPER = { width: 704, height: 1010 }

/** Charts follow the width of paper a moment later. */
async function onPaper(page: Page): Promise<void> {
  await page.emulateMedia({ media: 'print' })
  await page.setViewportSize(PAPER)
  await page.waitForFunction(() =>
    [...document.querySelectorAll('canvas')].every(
      (canvas) => canvas.offsetParent === null || canvas.getBoundingClientRect().width < 704,
    ),
  )
}

/** Texts that a canvas lies upon, in pixels of either direction. */
const covered = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const visible = [
      ...document.querySelectorAll<HTMLElement>('canvas,p,h1,h2,h3,h4,th,td,li,dt,dd,caption,summary,pre'),
    ]
      // What is folded away has a place, too.
      .filter((part) => part.checkVisibility())
      .map((part) => ({ part, box: part.getBoundingClientRect() }))
    const canvases = visible.filter(({ part }) => part.tagName === 'CANVAS')
    return canvases.flatMap(({ part: canvas, box }) =>
      visible
        .filter(
          ({ part, box: other }) =>
            part !== canvas &&
            Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top) > 1 &&
            Math.min(box.right, other.right) - Math.max(box.left, other.left) > 1,
        )
        .map(({ part }) => `${canvas.id} over ${part.tagName} ${part.textContent!.trim().slice(0, 40)}`),
    )
  })

const pictures = (page: Page): Promise<string[]> =>
  page.evaluate(() => [...document.querySelectorAll('canvas')].map((canvas) => canvas.toDataURL()))

const pages = (pdf: Buffer): number => pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0

inBrowser('on paper', ({ open }) => {
  const comparison = inventedComparison({ loads: true, earlier: true, scenarios: 5 })

  test('a dark screen prints as a light one does: ground, ink and every chart', async () => {
    const seen = []
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, trouble, close } = await open(comparison, { colorScheme })
      if (colorScheme === 'dark') {
        await page.click('#theme')
        await page.click('#theme')
        expect(await page.textContent('#theme')).toBe('Theme: dark')
      }
      await onPaper(page)
      const [ground, ink] = await page.evaluate(() => {
        const { backgroundColor, color } = getComputedStyle(document.body)
        return [backgroundColor, color]
      })
      seen.push({ ground, ink, pictures: await pictures(page) })
      expect(trouble).toEqual([])
      await close()
    }
    expect(seen[0]!.pictures.length).toBeGreaterThan(9)
    expect(seen[1]).toEqual(seen[0])
  })

  test('no chart lies over a text, from a wide screen and from a phone', async () => {
    for (const width of [1280, 390]) {
      const { page, close } = await open(comparison, { viewport: { width, height: 900 } })
      await onPaper(page)
      expect(await covered(page)).toEqual([])
      await page.evaluate(() => {
        const text = document.createElement('p')
        text.textContent = 'in the way'
        text.style.position = 'absolute'
        text.style.top = '0'
        document.querySelector('#chart-ladder')!.parentElement!.append(text)
      })
      expect(await covered(page)).toEqual(['chart-ladder over P in the way'])
      await close()
    }
  })

  test('few pages: what is cut at a page is a table between its rows, and no large gap stays', async () => {
    const { page, close } = await open(comparison)
    const sheets = pages(await page.pdf({ preferCSSPageSize: true }))
    await onPaper(page)
    const needed = (await page.evaluate(() => document.documentElement.scrollHeight)) / PAPER.height
    expect(sheets).toBeLessThan(needed * 1.3)
    await close()
  })
})
