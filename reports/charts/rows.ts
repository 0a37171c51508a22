import type { ScaleOptionsByType } from 'chart.js'
import type { Colours } from './colours.ts'
import { colourOf, pointOf } from './colours.ts'
import type { Look } from './looks.ts'

/** Room for axis and title, and for each row. */
export const rowsHeight = (rows: number): number => 70 + 54 * Math.max(1, rows)

/** One row a backend, with its name beside it where there is room. */
export function rowAxis(
  names: readonly string[],
  colours: Colours,
  narrow: boolean,
): Partial<ScaleOptionsByType<'linear'>> {
  return {
    type: 'linear',
    min: -0.7,
    max: names.length - 0.4,
    reverse: true,
    border: { display: false },
    grid: { display: false },
    afterBuildTicks(axis: { ticks: unknown[] }) {
      axis.ticks = names.map((_, index) => ({ value: index }))
    },
    ticks: {
      display: !narrow,
      autoSkip: false,
      color: colours.ink,
      font: { size: 13, weight: 600 },
      callback: (value: number | string) => names[Number(value)] ?? '',
    },
  } as unknown as Partial<ScaleOptionsByType<'linear'>>
}

/** Markers of rows; hollow where a figure is fitted and not measured. */
export function rowMarkers(looks: readonly Look[], fitted: readonly boolean[], colours: Colours): object {
  const isHollow = (look: Look, row: number): boolean => look.hollow || fitted[row] === true
  return {
    pointStyle: looks.map((look) => pointOf(look).pointStyle),
    pointRotation: looks.map((look) => pointOf(look).rotation),
    pointRadius: 6,
    pointHoverRadius: 8,
    pointBackgroundColor: looks.map((look, row) => (isHollow(look, row) ? colours.card : colourOf(colours, look))),
    pointBorderColor: looks.map((look, row) =>
      isHollow(look, row) || look.point === 'star' ? colourOf(colours, look) : colours.card,
    ),
    pointBorderWidth: looks.map((look, row) => (look.point === 'star' || fitted[row] === true ? 2.4 : 1.5)),
  }
}
