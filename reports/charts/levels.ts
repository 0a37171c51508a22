/**
 * Rows of bins as short texts, because a page holds thousands of them: a bin is a digit of base 36, and empty bins
 * that follow one another are one letter, A for one of them and Z for 26.
 */
const EMPTY = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** The highest level of a bin. */
export const LEVELS = 35

/** @param levels whole numbers up to `LEVELS`; 0 is empty */
export function pack(levels: readonly number[]): string {
  const last = levels.findLastIndex((level) => level > 0)
  let [text, empty] = ['', 0]
  for (const level of levels.slice(0, last + 1)) {
    if (level === 0) {
      empty += 1
      continue
    }
    text += emptyOf(empty) + level.toString(36)
    empty = 0
  }
  return text
}

function emptyOf(bins: number): string {
  const rest = bins % EMPTY.length
  return 'Z'.repeat((bins - rest) / EMPTY.length) + (rest === 0 ? '' : EMPTY[rest - 1]!)
}

export function unpack(text: string): number[] {
  return Array.from(text).flatMap((letter) => {
    const empty = EMPTY.indexOf(letter) + 1
    return empty > 0 ? Array.from({ length: empty }, () => 0) : [parseInt(letter, 36)]
  })
}

/** How many doublings: 1 for one operation, 2 for two or three, 3 for four to seven. */
export const doublings = (count: number): number =>
  count === 0 ? 0 : Math.min(LEVELS, Math.floor(Math.log2(count)) + 1)

/** The square root of a part of the highest bin, as in a rootogram: a peak of one percent still shows, a tenth as high. */
export const rootOf = (count: number, highest: number): number =>
  count === 0 ? 0 : Math.max(1, Math.round(Math.sqrt(count / highest) * LEVELS))

/** The lower edge of a bin, nanoseconds. */
export const edgeNs = (bin: number, binsPerDecade: number): number => 10 ** (bin / binsPerDecade)

/** The middle of a bin on a logarithmic axis, nanoseconds. */
export const middleNs = (bin: number, binsPerDecade: number): number => edgeNs(bin + 0.5, binsPerDecade)
