import type { Paint } from './paint.ts'
import { padLeft, padRight, widthOf } from './paint.ts'

const GAP = 2

/**
 * A table for a terminal. Its first two columns stand at the left of every part, so that each can be read alone; columns that do
 * not fit go on below.
 */
export function foldedTable(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  paint: Paint,
  columns: number,
): string[] {
  const widths = heads.map((head, n) => Math.max(widthOf(head), ...rows.map((row) => widthOf(row[n] ?? ''))))
  const fixed = widths[0]! + GAP + widths[1]!
  const parts: number[][] = []
  let used = Infinity
  for (let n = 2; n < heads.length; n += 1) {
    if (used + GAP + widths[n]! > columns) {
      parts.push([])
      used = fixed
    }
    parts.at(-1)!.push(n)
    used += GAP + widths[n]!
  }
  const line = (row: readonly string[], part: readonly number[]): string =>
    padRight(row[0]!, widths[0]!) +
    [1, ...part].map((n) => ' '.repeat(GAP) + padLeft(row[n] ?? '', widths[n]!)).join('')
  return parts.flatMap((part) => [paint('dim', line(heads, part)), ...rows.map((row) => line(row, part))])
}
