/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { inBrowser } from '../testing/browser.ts'
import { inventedComparison } from '../testing/fixture.ts'
import type { Shape } from '../testing/shape.ts'

/** WCAG 2.2 A and AA, and what axe's makers call best practice. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What axe finds wrong, in a line each. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true
  })
  await page.evaluate(axe.source)
  const { violations: found } = await page.evaluate(
    (tags) => (window as unknown as { axe: typeof axe }).axe.run(document, { runOnly: tags }),
    TAGS,
  )
  return found.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .slice(0, 3)
        .map(({ target, failureSummary }) => `${String(target)} ${failureSummary}`)
        .join(' | ')} (${nodes.length})`,
  )
}

inBrowser('for everybody', ({ open }) => {
  const full = { earlier: true, loads: true, caveats: 'every', scenarios: 3 } satisfies Partial<Shape>
  test.each([
    { colorScheme: 'light', width: 1280, shape: full },
    { colorScheme: 'dark', width: 1280, shape: full },
    { colorScheme: 'light', width: 390, shape: full },
    { colorScheme: 'light', width: 390, shape: { hostile: true, backends: 12, scenarios: 2 } },
    { colorScheme: 'dark', width: 1280, shape: { failed: true, scenarios: 2 } },
  ] as const)('axe finds nothing: $colorScheme, $width px, $shape', async ({ colorScheme, width, shape }) => {
    const { page, close } = await open(inventedComparison(shape), { colorScheme, viewport: { width, height: 900 } })
    expect(await violations(page)).toEqual([])
    await close()
  })

  test('axe would find what is wrong', async () => {
    const { page, close } = await open(inventedComparison())
    await page.evaluate(() => document.querySelector('#chart-ladder')!.removeAttribute('aria-label'))
    expect((await violations(page)).join()).toContain('role-img-alt')
    await close()
  })
})
