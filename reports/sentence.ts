/** A piece of a sentence: plain text, or a figure that is set off. */
export type Piece = string | { readonly strong: string }
export type Sentence = readonly Piece[]

export const strong = (text: string): Piece => ({ strong: text })

export function plain(sentence: Sentence): string {
  return sentence.map((piece) => (typeof piece === 'string' ? piece : piece.strong)).join('')
}
