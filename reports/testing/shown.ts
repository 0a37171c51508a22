/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Page } from 'playwright-core'

/** A table as the page shows it, without the letters of its caveats; the parts of a cell are apart by a space. */
export interface ShownTable {
  readonly section: string
  /** Place of the scenario that it belongs to, and of the backend; null where it belongs to none. */
  readonly scenario: number | null
  readonly backend: number | null
  /** What opens the fold around it; empty where it is always open. */
  readonly fold: string
  readonly caption: string
  readonly heads: readonly string[]
  /** Every cell, the first of a row too. */
  readonly rows: readonly (readonly string[])[]
}

export const shownTables = (page: Page): Promise<ShownTable[]> =>
  page.evaluate(() => {
    // It runs in the page, where nothing of this file is.
    // oxlint-disable-next-line unicorn/consistent-function-scoping
    const textOf = (part: Element | null): string => {
      if (part === null) return ''
      const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT)
      const texts: string[] = []
      while (walker.nextNode() !== null)
        if (walker.currentNode.parentElement!.closest('.letters') === null) texts.push(walker.currentNode.textContent!)
      return texts.join(' ').replaceAll(/\s+/g, ' ').trim()
    }
    // oxlint-disable-next-line unicorn/consistent-function-scoping
    const placeOf = (part: Element, name: string): number | null => {
      const place = part.closest(`[data-${name}]`)?.getAttribute(`data-${name}`)
      return place === undefined || place === null ? null : Number(place)
    }
    return [...document.querySelectorAll('table')].map((table) => ({
      section: table.closest('section')!.id,
      scenario: placeOf(table, 'scenario'),
      backend: placeOf(table, 'backend'),
      fold: textOf(table.closest('details')?.querySelector('summary') ?? null),
      caption: textOf(table.caption),
      heads: [...table.querySelectorAll('thead th')].map(textOf),
      rows: [...table.querySelectorAll('tbody tr')].map((row) => [...row.querySelectorAll('th, td')].map(textOf)),
    }))
  })
