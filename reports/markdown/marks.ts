/** Letters of caveats, behind a name or a figure. */
export function marks(letters: readonly string[]): string {
  return letters.length === 0 ? '' : ` <sup>${letters.join(' ')}</sup>`
}
