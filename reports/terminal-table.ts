import { duration, ratio } from './format.ts'
import { isOpen } from './load.ts'
import type { Paint } from './paint.ts'
import { fit, harmless, padLeft, padRight, widthOf, wrap } from './paint.ts'
import { isBest } from './standing.ts'
import type { View } from './view.ts'
import { durabilityOf } from './view.ts'

const GAP = 2
const LONGEST_SCENARIO = 32

/** Scenario by backend, in as many blocks as the width asks for. */
export function blocks(all: View, paint: Paint, columns: number): string[][] {
  if (all.backends.length === 0 || all.scenarios.length === 0) return []
  const heads = all.scenarios.map((scenario) => fit(harmless(scenario.title), LONGEST_SCENARIO))
  const headWidth = Math.max(...heads.map(widthOf))
  const cells = all.backends.map((backend) => column(all, backend.id))
  const widths = cells.map((those, index) =>
    Math.max(Math.min(16, widthOf(harmless(all.short(all.backends[index]!.id)))), ...those.map((cell) => cell.width)),
  )
  const groups = fold(widths, columns - headWidth)
  return groups.map((group, nth) => [
    ...header(all, group, widths).map(
      (line, index, lines) =>
        (index === lines.length - 1
          ? paint('dim', padRight(nth === 0 ? `${what(all)}; ★ fastest` : `${what(all)}, continued`, headWidth))
          : ' '.repeat(headWidth)) + line,
    ),
    ...all.scenarios.map(
      (_, line) =>
        padRight(heads[line]!, headWidth) +
        group
          .map(
            (index) =>
              ' '.repeat(GAP + widths[index]! - cells[index]![line]!.width) + cells[index]![line]!.paint(paint),
          )
          .join(''),
    ),
  ])
}

/** In an open loop there are two p50, and this is not the one that users feel. */
const what = (all: View): string => (all.rankings.some(({ load }) => isOpen(load)) ? 'service p50' : 'p50')

/** Columns in as few blocks as there is room for, evenly filled where that fits. */
function fold(widths: readonly number[], room: number): number[][] {
  const groups: number[][] = []
  let used = Infinity
  for (const [index, width] of widths.entries()) {
    if (used + GAP + width > room) {
      groups.push([])
      used = 0
    }
    groups.at(-1)!.push(index)
    used += GAP + width
  }
  const each = Math.ceil(widths.length / groups.length)
  const even = groups
    .map((_, nth) => [...widths.keys()].slice(nth * each, (nth + 1) * each))
    .filter((group) => group.length > 0)
  const fits = even.every((group) => group.reduce((sum, index) => sum + GAP + widths[index]!, 0) <= room)
  return fits ? even : groups
}

/** Names over their columns in at most two lines. */
function header(all: View, group: readonly number[], widths: readonly number[]): string[] {
  const names = group.map((index) => {
    const [first = '', ...rest] = wrap(all.short(all.backends[index]!.id), widths[index]!)
    return rest.length === 0 ? ['', first] : [first, fit(rest.join(' '), widths[index]!)]
  })
  return [0, 1]
    .map((line) => group.map((index, nth) => ' '.repeat(GAP) + padLeft(names[nth]![line]!, widths[index]!)).join(''))
    .filter((line) => line.trim() !== '')
}

interface TextCell {
  readonly width: number
  paint(paint: Paint): string
}

/** One backend's cells, their parts aligned with one another. */
function column(all: View, backend: string): TextCell[] {
  const parts = all.scenarios.map((scenario) => {
    const row = all.row(backend, scenario.id)
    if (row === null)
      return {
        main: all.cell(backend, scenario.id)?.outcome ?? 'n/a',
        aside: '',
        marks: '',
        best: false,
        missing: true,
      }
    const best = row.rank !== null && isBest(row) && !all.suppressed
    const aside = all.suppressed
      ? ''
      : best
        ? '★'
        : row.rank === null
          ? (durabilityOf(row.cell) ?? 'undeclared')
          : ratio(row.ratio.value)
    return {
      main: duration(row.cell.estimates.p50.valueNs),
      aside,
      marks: all.letters(backend, scenario.id).join(''),
      best,
      missing: false,
    }
  })
  const widest = (pick: (part: (typeof parts)[number]) => string): number =>
    Math.max(0, ...parts.filter((part) => !part.missing).map((part) => widthOf(pick(part))))
  const [mainWidth, asideWidth, marksWidth] = [
    widest((part) => part.main),
    widest((part) => part.aside),
    widest((part) => part.marks),
  ]
  const width = Math.max(
    mainWidth + 1 + asideWidth + (marksWidth === 0 ? 0 : 1 + marksWidth),
    ...parts.filter((part) => part.missing).map((part) => part.main.length),
  )
  return parts.map((part) => ({
    width,
    paint(paint) {
      if (part.missing)
        return padLeft('', width - part.main.length) + paint(part.main === 'failed' ? 'red' : 'dim', part.main)
      const main = padLeft(part.main, width - 1 - asideWidth - (marksWidth === 0 ? 0 : 1 + marksWidth))
      const aside = padLeft(part.aside, asideWidth)
      const marks = marksWidth === 0 ? '' : ` ${paint('cyan', padRight(part.marks, marksWidth))}`
      return `${part.best ? paint('green', main) : main} ${part.best ? paint('green', aside) : paint('dim', aside)}${marks}`
    },
  }))
}
