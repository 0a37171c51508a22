import fc from 'fast-check'
import { expect, test } from 'vitest'
import { escapeJson, escapeText, html, trusted } from './markup.ts'

test('whatever is inserted stays text, in content and in attributes', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('<', '>', '&', '"', "'", '/', 'a', ';', '#', 'amp', '\u0000', '\u2028') }),
      (text) => {
        const escaped = html`${text}`.text
        expect(escaped).not.toMatch(/[<>"']/)
        expect(escaped).not.toMatch(/&(?!amp;|lt;|gt;|quot;|#39;)/)
      },
    ),
  )
})

test('markup, lists and nothing', () => {
  expect(html`<p>${[html`<b>${'<'}</b>`, null, 3, trusted('<i>')]}</p>`.text).toBe('<p><b>&lt;</b>3<i></p>')
})

test('numbers that are none do not get into a page', () => {
  for (const bad of [NaN, Infinity, -Infinity]) expect(() => html`${bad}`).toThrow(TypeError)
})

test('control characters are replaced, tabs and line breaks stay', () => {
  expect(escapeText('a\u0000b\u001b[31m\tc\nd')).toBe('a\uFFFDb\uFFFD[31m\tc\nd')
})

test('JSON reads back and cannot end its element', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = escapeJson(value)
      expect(text).not.toMatch(/[<>&\u2028\u2029]/)
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
  expect(escapeJson('</script>\u2028')).toBe(String.raw`"\u003c/script\u003e\u2028"`)
})
