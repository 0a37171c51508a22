/** How a backend looks everywhere: by its place in the run, never by colour alone. Used by the page and by its script. */
export interface Look {
  /** Index into the palette; null for the harness alone. */
  readonly colour: number | null
  readonly point: Point
  readonly dash: readonly number[]
  /** A second set of six is drawn hollow. */
  readonly hollow: boolean
}

export type Point = 'circle' | 'triangle' | 'rectRot' | 'rect' | 'triangleDown' | 'star'

const POINTS: readonly Point[] = ['circle', 'triangle', 'rectRot', 'rect', 'triangleDown', 'star']
const DASHES: readonly (readonly number[])[] = [[], [7, 3], [10, 2, 2, 2, 2, 2], [9, 3, 2, 3], [4, 2], [15, 4]]

/** Colours, at least 3:1 against the card and apart under simulated colour-blindness. */
export const PALETTE = {
  light: ['#2F4B9B', '#017D72', '#AE9129', '#A65007', '#D14FB0', '#1593F0'],
  dark: ['#6F70C4', '#46B488', '#F3D21F', '#C2561B', '#D08CF0', '#86DDFB'],
} as const

/** Look of the backend at that place. Past six, colours repeat with another marker and dash. */
export function lookAt(place: number): Look {
  const turn = Math.floor(place / 6)
  return {
    colour: place % 6,
    point: POINTS[(place + turn) % 6]!,
    dash: DASHES[(place + turn) % 6]!,
    hollow: turn % 2 === 1,
  }
}
