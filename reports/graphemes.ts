const SEGMENTER = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** What a person counts as characters: an emoji of several code points is one. */
export function graphemes(text: string): string[] {
  return Array.from(SEGMENTER.segment(text), ({ segment }) => segment)
}
