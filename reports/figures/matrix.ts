/// <reference lib="dom" />
import { bin } from '../charts/bins.ts'
import { lookAt } from '../charts/looks.ts'
import type { Theme } from '../charts/themes.ts'
import { duration, ratio } from '../format.ts'
import { scaleNames } from '../matrix-scale.ts'
import { isBest, unranked } from '../standing.ts'
import type { View } from '../view.ts'
import { caveatLine } from './caveats.ts'
import type { Easel, Picture } from './easel.ts'
import { FAMILY } from './easel.ts'
import { frameOf, MARGIN_PX } from './frame.ts'
import { sourceLine } from './source.ts'
import { drawSample, SAMPLE_PX } from './legend.ts'
import { cut, oneLine, wrap } from './text.ts'

const LEAST_WIDTH_PX = 860
const NAMES_PX = 210
const LEAST_COLUMN_PX = 92
const HEAD_PX = 58
const ROW_PX = 40
const SCALE_PX = 40
const HEAD_FONT = `600 11.5px ${FAMILY}`
const NAME_FONT = `600 12.5px ${FAMILY}`
const MAIN_FONT = `700 12.5px ${FAMILY}`
const SMALL_FONT = `11px ${FAMILY}`

interface Cell {
  readonly main: string
  readonly below: string
  /** Index of its colour; null where it cannot be compared. */
  readonly bin: number | null
}

/** Every scenario and backend in one picture, in the colours of the page's matrix. */
export function matrixPicture(view: View, theme: Theme, easel: Easel): Picture | null {
  if (view.rankings.every(({ rows }) => rows.length === 0)) return null
  const columns = view.backends.length
  const widthPx = Math.max(LEAST_WIDTH_PX, 2 * MARGIN_PX + NAMES_PX + columns * LEAST_COLUMN_PX)
  const columnPx = (widthPx - 2 * MARGIN_PX - NAMES_PX) / columns
  const caption = {
    title: 'p50 of every scenario',
    about:
      'And how many times that of the fastest in its row. ★ fastest, alone or with others whose intervals overlap. There is no overall score.',
    legend: [],
    caveats: caveatLine(view, {
      backends: view.backends.map(({ id }) => id),
      scenarios: view.scenarios.map(({ id }) => id),
    }),
    source: sourceLine(view),
  }
  const frame = frameOf(caption, widthPx, theme, easel)
  const heightPx = frame.topPx + HEAD_PX + ROW_PX * view.scenarios.length + SCALE_PX + frame.bottomPx
  const heads = view.backends.map(({ id }) => wrap(view.short(id), columnPx - 8, easel.measure(HEAD_FONT), 2))
  const rows = view.scenarios.map(({ id, title }) => ({
    name: cut(oneLine(title), NAMES_PX - 12, easel.measure(NAME_FONT)),
    cells: view.backends.map((backend) => cellOf(view, backend.id, id)),
  }))
  return {
    width: widthPx,
    height: heightPx,
    title: caption.title,
    description: [
      caption.about,
      ...rows.map(
        ({ cells }, row) =>
          `${view.scenarios[row]!.title}: ${cells.map(({ main, below }, place) => `${view.short(view.backends[place]!.id)} ${main} ${below}`.trim()).join(', ')}.`,
      ),
      caption.caveats,
      caption.source,
    ].join(' '),
    paint(canvas, ratioPx) {
      canvas.width = widthPx * ratioPx
      canvas.height = heightPx * ratioPx
      const context = canvas.getContext('2d')!
      context.setTransform(ratioPx, 0, 0, ratioPx, 0, 0)
      frame.paint(context, heightPx)
      context.textBaseline = 'alphabetic'
      for (const [place, lines] of heads.entries()) {
        const middle = MARGIN_PX + NAMES_PX + (place + 0.5) * columnPx
        drawSample(context, lookAt(place), middle - SAMPLE_PX / 2, frame.topPx + 10, theme)
        context.textAlign = 'center'
        context.font = HEAD_FONT
        context.fillStyle = theme.ink
        for (const [line, text] of lines.entries()) context.fillText(text, middle, frame.topPx + 32 + 14 * line)
      }
      for (const [row, { name, cells }] of rows.entries()) {
        const top = frame.topPx + HEAD_PX + row * ROW_PX
        context.textAlign = 'left'
        context.font = NAME_FONT
        context.fillStyle = theme.ink
        context.fillText(name, MARGIN_PX, top + ROW_PX / 2 + 4)
        for (const [place, cell] of cells.entries())
          paintCell(context, cell, MARGIN_PX + NAMES_PX + place * columnPx, top, columnPx, theme)
      }
      paintScale(context, frame.topPx + HEAD_PX + ROW_PX * rows.length + 14, widthPx, theme)
      return () => {}
    },
  }
}

function cellOf(view: View, backend: string, scenario: string): Cell {
  const row = view.row(backend, scenario)
  if (row === null) {
    const outcome = view.cell(backend, scenario)?.outcome ?? 'n/a'
    return { main: outcome === 'measured' ? 'n/a' : outcome, below: '', bin: null }
  }
  const main = duration(row.cell.estimates.p50.valueNs)
  if (view.suppressed) return { main, below: 'answers differ', bin: null }
  if (row.rank === null) return { main, below: unranked(row), bin: null }
  return isBest(row)
    ? { main, below: '★ fastest', bin: 0 }
    : { main, below: ratio(row.ratio.value), bin: bin(row.ratio.value) }
}

function paintCell(
  context: CanvasRenderingContext2D,
  cell: Cell,
  left: number,
  top: number,
  columnPx: number,
  theme: Theme,
): void {
  const [x, y, width, height] = [left + 1, top + 1, columnPx - 2, ROW_PX - 2]
  context.fillStyle = cell.bin === null ? theme.ground : theme.blues[cell.bin]!
  context.fillRect(x, y, width, height)
  if (cell.bin === 0) {
    context.strokeStyle = theme.good
    context.lineWidth = 2
    context.strokeRect(x + 1, y + 1, width - 2, height - 2)
  }
  const ink = cell.bin === null ? theme.ink : theme.inks[cell.bin]!
  context.textAlign = 'center'
  context.fillStyle = ink
  context.font = MAIN_FONT
  const middle = left + columnPx / 2
  context.fillText(cell.main, middle, top + (cell.below === '' ? ROW_PX / 2 + 4 : 17))
  context.font = SMALL_FONT
  context.fillText(cell.below, middle, top + 32)
}

function paintScale(context: CanvasRenderingContext2D, top: number, widthPx: number, theme: Theme): void {
  const names = ['★ fastest', ...scaleNames(), 'not compared']
  const boxPx = (widthPx - 2 * MARGIN_PX) / names.length
  context.font = SMALL_FONT
  context.textAlign = 'center'
  for (const [place, name] of names.entries()) {
    const left = MARGIN_PX + place * boxPx
    const isApart = place === names.length - 1
    context.fillStyle = isApart ? theme.ground : theme.blues[place]!
    context.fillRect(left + 1, top, boxPx - 2, 22)
    if (place === 0) {
      context.strokeStyle = theme.good
      context.lineWidth = 2
      context.strokeRect(left + 2, top + 1, boxPx - 4, 20)
    }
    context.fillStyle = isApart ? theme.ink : theme.inks[place]!
    context.fillText(name, left + boxPx / 2, top + 15)
  }
}
