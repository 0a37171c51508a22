import { expect, test } from 'vitest'
import { renderMarkdown } from '../markdown.ts'
import { inventedComparison } from '../testing/fixture.ts'
import { viewOf } from '../view.ts'

const view = viewOf(inventedComparison())
const headings = (text: string): string[] => [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading!)

test('without pictures the article has none, and no section that only they would fill', () => {
  const text = renderMarkdown(view)
  expect(text).not.toContain('![')
  for (const heading of ['The tail', 'More figures']) expect(headings(text)).not.toContain(heading)
})

test('every picture stands in its section, once, also one that no section knows', () => {
  const ids = ['ladder', 'matrix', 'tail', 'stale', 'of-tomorrow']
  const text = renderMarkdown(
    view,
    ids.map((id) => ({ id, title: `The <${id}>`, png: `figures/${id}.png`, svg: `figures/${id}.svg` })),
  )
  for (const id of ids) {
    expect(text.split(`(figures/${id}.png)`).length, id).toBe(2)
    expect(text).toContain(`[![The &lt;${id}&gt;](figures/${id}.png)](figures/${id}.svg)`)
  }
  expect(text.indexOf('figures/ladder.png')).toBeLessThan(text.indexOf('## All scenarios'))
  expect(text.indexOf('figures/of-tomorrow.png')).toBeGreaterThan(text.indexOf('## More figures'))
  expect(headings(text)).toContain('The tail')
})

test('a picture without an SVG is not linked', () => {
  const text = renderMarkdown(view, [{ id: 'ladder', title: 'Ladder', png: 'figures/ladder.png', svg: null }])
  expect(text).toContain('\n\n![Ladder](figures/ladder.png)\n\n')
})
