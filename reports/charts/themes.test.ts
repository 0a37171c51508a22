import { describe, expect, test } from 'vitest'
import { coloursOf, DARK, LIGHT } from './themes.ts'

const channels = (colour: string): [number, number, number] =>
  [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255) as [number, number, number]

const linear = (colour: string): [number, number, number] =>
  channels(colour).map((c) => (c <= 0.040_45 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as [number, number, number]

const luminance = (colour: string): number => {
  const [r, g, b] = linear(colour)
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** WCAG 2.2, 1.4.3. */
const contrast = (a: string, b: string): number => {
  const [dark, light] = [luminance(a), luminance(b)].toSorted((x, y) => x - y) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

/** In linear RGB, as a dichromat sees it (Machado, Oliveira & Fernandes, IEEE TVCG 15, 2009, severity 1). */
const SIMULATED = {
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
} as const

const seen = (colour: string, matrix: (typeof SIMULATED)[keyof typeof SIMULATED]): number[] => {
  const from = linear(colour)
  const mixed = matrix.map((row) => row.reduce((sum, part, n) => sum + part * from[n]!, 0))
  return mixed.map((c) => Math.cbrt(Math.max(0, Math.min(1, c))))
}

describe.each([LIGHT, DARK])('$scheme', (theme) => {
  const colours = coloursOf(theme)

  test('what a chart says can be read: 4.5:1', () => {
    for (const text of [colours.ink, colours.muted]) expect(contrast(text, colours.card)).toBeGreaterThanOrEqual(4.5)
    for (const text of [theme.ink, theme.ink2, theme.muted, theme.accent, theme.good, theme.bad])
      for (const ground of [theme.card, theme.ground]) expect(contrast(text, ground)).toBeGreaterThanOrEqual(4.5)
    expect(contrast(theme.warn, theme['warn-ground'])).toBeGreaterThanOrEqual(4.5)
  })

  test('figures of the matrix can be read on every blue', () => {
    for (const [bin, blue] of theme.blues.entries())
      expect(contrast(theme.inks[bin]!, blue), String(bin)).toBeGreaterThanOrEqual(4.5)
  })

  test('lines and markers can be seen: 3:1', () => {
    for (const colour of colours.backends) expect(contrast(colour, colours.card), colour).toBeGreaterThanOrEqual(3)
  })

  test.each(Object.entries(SIMULATED))('no two backends look alike with %s', (_, matrix) => {
    for (const [n, one] of colours.backends.entries())
      for (const other of colours.backends.slice(n + 1)) {
        const [a, b] = [seen(one, matrix), seen(other, matrix)]
        expect(Math.hypot(...a.map((value, at) => value - b[at]!)), `${one} ${other}`).toBeGreaterThan(0.1)
      }
  })
})
