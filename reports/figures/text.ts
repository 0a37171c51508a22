import { graphemes } from '../graphemes.ts'

export type Measure = (text: string) => number

/** What can be drawn on a line: no controls, and nothing that turns the direction of what follows. */
export function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\u202a-\u202e\u2066-\u2069\ufffe\uffff]/g, '')
    .replace(/[\p{Cc}\s]+/gu, ' ')
}

/** Cut between what a person counts as characters, with an ellipsis. */
export function cut(text: string, mostPx: number, measure: Measure): string {
  if (measure(text) <= mostPx) return text
  const letters = graphemes(text)
  let [fits, tooMany] = [0, letters.length]
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2)
    if (measure(ended(letters, middle)) <= mostPx) fits = middle
    else tooMany = middle
  }
  return ended(letters, fits)
}

const ended = (letters: readonly string[], count: number): string => `${letters.slice(0, count).join('').trimEnd()}…`

/** Lines of whole words. A word longer than a line is cut; what finds no line is left out, and the last line says so. */
export function wrap(text: string, mostPx: number, measure: Measure, mostLines = Infinity): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of oneLine(text)
    .split(' ')
    .filter((one) => one !== '')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && measure(longer) > mostPx) {
      lines.push(line)
      line = cut(word, mostPx, measure)
    } else line = cut(longer, mostPx, measure)
  }
  if (line !== '') lines.push(line)
  if (lines.length <= mostLines) return lines
  return [
    ...lines.slice(0, mostLines - 1),
    cut(lines.slice(mostLines - 1).join(' '), mostPx, (part) => measure(part.endsWith('…') ? part : `${part}…`)),
  ]
}
