import { stripVTControlCharacters, styleText } from 'node:util'
import { graphemes } from './graphemes.ts'

type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan'
export type Paint = (style: Style, text: string) => string

/** Colours only where they were asked for, whatever the stream is. */
export function painter(color: boolean): Paint {
  return color ? (style, text) => styleText(style, text, { validateStream: false }) : (_, text) => text
}

/** A name that cannot move the cursor or break its line. */
export function harmless(text: string): string {
  return stripVTControlCharacters(text).replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
}

/** Columns of a text; wide scripts take more than is counted here. */
export function widthOf(text: string): number {
  return graphemes(text).length
}

/** Cut to a width. */
export function fit(text: string, width: number): string {
  const letters = graphemes(text)
  return letters.length <= width ? text : `${letters.slice(0, Math.max(0, width - 1)).join('')}…`
}

export function padLeft(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - widthOf(text))) + text
}

export function padRight(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)))
}

/** Broken at blanks; a word that is longer than a line is broken anywhere. */
export function wrap(text: string, width: number, indent = ''): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of harmless(text)
    .split(/ +/)
    .flatMap((one) => pieces(one, width - indent.length))) {
    const room = lines.length === 0 ? width : width - indent.length
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > room) {
      lines.push((lines.length === 0 ? '' : indent) + line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  if (line !== '') lines.push((lines.length === 0 ? '' : indent) + line)
  return lines
}

function pieces(word: string, width: number): string[] {
  const letters = graphemes(word)
  if (letters.length <= width) return [word]
  return Array.from({ length: Math.ceil(letters.length / width) }, (_, nth) =>
    letters.slice(nth * width, (nth + 1) * width).join(''),
  )
}
