/// <reference lib="dom" />
import type { Plugin } from 'chart.js'
import type { Theme } from '../charts/themes.ts'
import { ratioInterval } from '../format.ts'
import { ratioOrReference } from '../method.ts'
import { peers, unranked } from '../standing.ts'
import type { View } from '../view.ts'
import { FAMILY } from './easel.ts'

export interface RatioColumn {
  readonly rightPx: number
  readonly plugins: readonly Plugin[]
}

const WIDTH_PX = 142

interface Entry {
  readonly main: string
  readonly below: string
}

/** Beside the rows of a ladder: how many times the fastest, with the interval. None where answers differ. */
export function ratioColumn(
  view: View,
  scenario: string,
  theme: Theme,
  shown?: ReadonlySet<string>,
): RatioColumn | null {
  const ranking = view.ranking(scenario)
  if (ranking === null || view.suppressed || peers(ranking).length < 2) return null
  const entries = ranking.rows
    .filter(({ backend }) => shown?.has(backend.id) ?? true)
    .toSorted((a, b) => a.cell.estimates.p50.valueNs - b.cell.estimates.p50.valueNs)
    .map((row): Entry => {
      if (row.rank === null) return { main: 'not ranked', below: unranked(row) }
      const isReference = row === peers(ranking)[0]
      return {
        main: ratioOrReference(row.ratio.value, isReference),
        below: isReference ? 'the fastest' : ratioInterval(row.ratio.low, row.ratio.high),
      }
    })
  return { rightPx: WIDTH_PX, plugins: [column(entries, theme)] }
}

function column(entries: readonly Entry[], theme: Theme): Plugin {
  return {
    id: 'ratios',
    afterDatasetsDraw({ ctx, chartArea, scales }) {
      const right = chartArea.right + WIDTH_PX
      ctx.save()
      ctx.textAlign = 'right'
      ctx.textBaseline = 'alphabetic'
      ctx.font = `11px ${FAMILY}`
      ctx.fillStyle = theme.muted
      ctx.fillText('times the fastest,', right, chartArea.bottom + 16)
      ctx.fillText('95 % interval', right, chartArea.bottom + 31)
      for (const [index, { main, below }] of entries.entries()) {
        const y = scales['y']!.getPixelForValue(index)
        ctx.font = `600 13px ${FAMILY}`
        ctx.fillStyle = theme.ink
        ctx.fillText(main, right, y - 1)
        ctx.font = `11px ${FAMILY}`
        ctx.fillStyle = theme.muted
        ctx.fillText(below, right, y + 13)
      }
      ctx.restore()
    },
  }
}
