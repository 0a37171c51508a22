import type { ChartConfiguration } from 'chart.js'

/** A chart ready to be drawn, with what it says to those who do not see it. */
export interface Drawing {
  readonly configuration: ChartConfiguration
  /** The whole chart in words. */
  readonly summary: string
  /** Its points in words, in the order in which arrow keys walk them; where each lies. */
  readonly points: readonly { readonly dataset: number; readonly index: number; readonly text: string }[]
  /** Height in CSS pixels. */
  readonly height: number
  readonly isEmpty: boolean
}
