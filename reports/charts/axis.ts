import type { Scale, ScaleOptionsByType } from 'chart.js'
import { tick } from '../format.ts'
import type { Colours } from './colours.ts'

/** Closer decades than this leave out two of three labels. */
const TIGHT_PX = 46

/** A logarithmic axis of durations: decades in their own unit, 2 ... 9 as faint lines. */
export const durationAxis = (
  colours: Colours,
  range: { min: number; max: number },
  title: string,
): Partial<ScaleOptionsByType<'logarithmic'>> => logAxis(colours, range, title, tick)

/** @param label a decade in words */
export function logAxis(
  colours: Colours,
  range: { min: number; max: number },
  title: string,
  label: (value: number) => string,
): Partial<ScaleOptionsByType<'logarithmic'>> {
  return {
    type: 'logarithmic',
    min: range.min,
    max: range.max,
    border: { display: false },
    title: { display: title !== '', text: title, color: colours.muted },
    afterBuildTicks(axis: { min: number; max: number; ticks: unknown[] }) {
      axis.ticks = logTicks(axis.min, axis.max)
    },
    ticks: {
      autoSkip: false,
      maxRotation: 0,
      color: colours.muted,
      callback(this: Scale, value: number | string): string {
        const ns = Number(value)
        // An empty label keeps its line; null would take it away.
        if (!isDecade(ns)) return ''
        const decades = Math.max(1, Math.round(Math.log10(this.max / this.min)))
        const room = (this.isHorizontal() ? this.width : this.height * 2) / decades
        return room < TIGHT_PX && Math.round(Math.log10(ns)) % 3 !== 0 ? '' : label(ns)
      },
    },
    grid: {
      drawTicks: false,
      color: (context: { tick?: { value: number } }) =>
        isDecade(context.tick?.value ?? 0) ? colours.grid : colours.gridFine,
    },
  } as unknown as Partial<ScaleOptionsByType<'logarithmic'>>
}

/** Whole decades around the values. */
export function decadesAround(values: readonly number[]): { min: number; max: number } {
  if (values.length === 0) return { min: 1, max: 10 }
  const low = Math.floor(Math.log10(Math.min(...values) * 0.9))
  const high = Math.ceil(Math.log10(Math.max(...values) * 1.1))
  return { min: 10 ** low, max: 10 ** Math.max(high, low + 1) }
}

/** 1 ... 9 of every decade within the bounds. */
function logTicks(min: number, max: number): { value: number; major: boolean }[] {
  const ticks: { value: number; major: boolean }[] = []
  for (let decade = Math.floor(Math.log10(min) + 1e-9); 10 ** decade <= max * 1.001; decade += 1) {
    for (let digit = 1; digit < 10; digit += 1) {
      const value = digit * 10 ** decade
      if (value >= min * 0.999 && value <= max * 1.001) ticks.push({ value, major: digit === 1 })
    }
  }
  return ticks
}

function isDecade(value: number): boolean {
  const exponent = Math.log10(value)
  return Math.abs(exponent - Math.round(exponent)) < 1e-9
}
