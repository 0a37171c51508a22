import type { Chart, ChartType } from 'chart.js'

/** The font of a chart, in that weight and size. */
export const fontOf = <Type extends ChartType>(chart: Chart<Type>, weightAndSize: string): string =>
  `${weightAndSize} ${(chart.options?.font as { family?: string } | undefined)?.family ?? 'sans-serif'}`
