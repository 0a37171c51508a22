/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { ChartData } from '../../charts/data.ts'
import { movedText } from '../../charts/moved-text.ts'
import { rttSteps } from '../../charts/rtt-steps.ts'
import { duration } from '../../format.ts'
import type { State } from './state.ts'

const all = <T extends HTMLElement>(selector: string): T[] => [...document.querySelectorAll<T>(selector)]

/** Lets every control of the distance, and what the page says of it, show the state. */
export function showDistance(data: ChartData, { scenario, hidden, rttMs }: State): void {
  const steps = stepsOf(data)
  const nearest = steps.reduce(
    (best, ms, step) => (Math.abs(ms - rttMs) < Math.abs(steps[best]! - rttMs) ? step : best),
    0,
  )
  const said = rttMs === 0 ? 'as measured' : `${duration(rttMs * 1e6)} away, fitted`
  for (const slider of all<HTMLInputElement>('[data-rtt]')) {
    slider.value = String(nearest)
    slider.setAttribute('aria-valuetext', said)
  }
  for (const output of all('[data-rtt-said]')) output.textContent = said
  for (const button of all<HTMLButtonElement>('[data-rtt-ms]')) {
    const ms = Number(button.dataset['rttMs'])
    if (ms === 0) button.disabled = rttMs === 0
    else button.setAttribute('aria-pressed', String(ms === rttMs))
  }
  for (const note of all('[data-moved]')) {
    note.hidden = rttMs === 0
    const about = note.dataset['moved'] === 'all' ? null : scenario
    note.textContent = rttMs === 0 ? '' : movedText(data, about, hidden, rttMs * 1e6)
  }
}

/** Milliseconds that a place of the slider stands for. */
export const rttAt = (data: ChartData, step: number): number => stepsOf(data)[step] ?? 0

const stepsOf = (data: ChartData): number[] => rttSteps(data.distance?.places.map(({ rttNs }) => rttNs / 1e6) ?? [])
