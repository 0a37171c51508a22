import type { Colours } from './colours.ts'
import { PALETTE } from './looks.ts'

/** Ground, ink and the eight blues of the matrix with the ink on them. The palette of backends comes from looks.ts. */
export const LIGHT = {
  scheme: 'light',
  ground: '#F7F7F5',
  card: '#FFFFFF',
  ink: '#1A1E23',
  ink2: '#4A525B',
  muted: '#5F6973',
  line: '#E1E4E6',
  line2: '#C9CED3',
  accent: '#1F5FBF',
  warn: '#7A5200',
  'warn-ground': '#FFF6DF',
  'warn-line': '#E8CF92',
  good: '#00695C',
  bad: '#A3360A',
  grid: '#DCDEE0',
  'grid-fine': '#EDEFF0',
  blues: ['#FFFFFF', '#E6F0F6', '#C6DEEC', '#9CC6DF', '#6BA7CD', '#2F729F', '#215F92', '#123C68'],
  inks: ['#1A1E23', '#1A1E23', '#1A1E23', '#1A1E23', '#10151A', '#FFFFFF', '#FFFFFF', '#FFFFFF'],
  backends: PALETTE.light,
} as const

export const DARK = {
  scheme: 'dark',
  ground: '#101316',
  card: '#16191D',
  ink: '#E9ECEF',
  ink2: '#BDC5CC',
  muted: '#9AA4AD',
  line: '#2A3036',
  line2: '#3D454D',
  accent: '#7FB2FF',
  warn: '#F1CF7A',
  'warn-ground': '#2B2413',
  'warn-line': '#5A4A1E',
  good: '#5FD1B8',
  bad: '#FF9A6B',
  grid: '#353A40',
  'grid-fine': '#22272C',
  blues: ['#16191D', '#16293B', '#173C58', '#1B5277', '#215F87', '#4C91B8', '#83B9D6', '#C9E3F1'],
  inks: ['#E9ECEF', '#E9ECEF', '#E9ECEF', '#F4F7F9', '#FFFFFF', '#0B0E10', '#0B0E10', '#0B0E10'],
  backends: PALETTE.dark,
} as const

export type Theme = typeof LIGHT | typeof DARK

/** What a chart draws with. */
export function coloursOf(theme: Theme): Colours {
  const { ink, muted, card, grid, backends } = theme
  return { ink, muted, card, grid, gridFine: theme['grid-fine'], backends }
}
