import type { ChartConfiguration } from 'chart.js'
import type { Colours } from './colours.ts'
import type { ChartData } from './data.ts'

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

/** What a reader chose to see, and on what it is drawn. */
export interface Scene {
  /** Index into the scenarios of the data. */
  readonly scenario: number
  /** Places of the backends that are shown. */
  readonly shown: ReadonlySet<number>
  readonly colours: Colours
  /** There is no room for names beside the rows. */
  readonly narrow: boolean
  /** Round trip to a database that was moved away by its law. Absent or 0: as measured. */
  readonly rttNs?: number
  /** Operations a page makes, one after another. */
  readonly queries?: number
}

/** A chart is a pure function: a page draws it on its canvas, and a figure without any browser. */
export type Draw = (data: ChartData, scene: Scene) => Drawing
