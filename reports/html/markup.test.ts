import { inflateSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { escapeText, html, trusted } from './markup.ts'
import { pack } from './pack.ts'

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

test('what is packed reads back and cannot end its element', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = pack(value)
      expect(text).toMatch(/^[A-Za-z0-9+/]+=*$/)
      expect(JSON.parse(inflateSync(Buffer.from(text, 'base64')).toString())).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})
