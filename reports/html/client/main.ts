/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { Chart } from 'chart.js'
import type { ChartData } from '../../charts/data.ts'
import { charts } from '../../charts/index.ts'
import { parts } from '../../charts/parts.ts'
import { copy, downloadRun } from './actions.ts'
import { prepareCards } from './cards.ts'
import { coloursNow } from './colours.ts'
import { embed } from './embed.ts'
import { Figure } from './figure.ts'
import { watchScrollers } from './scrollers.ts'
import { readState, writeState } from './state.ts'

Chart.register(...parts)
Chart.defaults.animation = false
Chart.defaults.maintainAspectRatio = false
Chart.defaults.font.family = getComputedStyle(document.body).fontFamily
Chart.defaults.plugins.tooltip.displayColors = false

const NARROW_PX = 640

const all = (selector: string): HTMLElement[] => [...document.querySelectorAll<HTMLElement>(selector)]
const root = document.documentElement
const data = JSON.parse(document.querySelector('#data')!.textContent) as ChartData
const state = readState(data)
embed()
const figures = Object.entries(charts).flatMap(([id, drawOne]) => {
  const canvas = document.querySelector<HTMLCanvasElement>(`#chart-${id}`)
  return canvas === null ? [] : [{ drawOne, figure: new Figure(canvas) }]
})

function show(): void {
  const { scenario, hidden } = state
  const select = document.querySelector<HTMLSelectElement>('#scenario')
  if (select !== null) select.value = String(scenario)
  for (const chip of all('[data-chip]'))
    chip.setAttribute('aria-pressed', String(!hidden.has(Number(chip.dataset['chip']))))
  for (const part of all('[data-scenario]')) part.hidden = Number(part.dataset['scenario']) !== scenario
  for (const part of all('[data-backend]')) part.hidden = hidden.has(Number(part.dataset['backend']))
  for (const part of all('[data-chosen]')) part.textContent = ` · ${data.scenarios[scenario]?.title ?? ''}`
  draw()
}

function draw(): void {
  const shown = new Set([...data.backends.keys()].filter((place) => !state.hidden.has(place)))
  const colours = coloursNow()
  Chart.defaults.plugins.tooltip.backgroundColor = colours.ink
  Chart.defaults.plugins.tooltip.bodyColor = Chart.defaults.plugins.tooltip.titleColor = colours.card
  const scene = { scenario: state.scenario, shown, colours, narrow: window.innerWidth < NARROW_PX }
  for (const one of figures) one.figure.show(one.drawOne(data, scene))
}

function change(): void {
  writeState(data, state)
  show()
}

/** The address stays the view's; a link within the page adds where it leads. */
function follow(link: HTMLAnchorElement, event: Event): void {
  const target = document.getElementById(decodeURIComponent(link.hash.slice(1)))
  if (target === null) return
  event.preventDefault()
  state.section = target.id
  writeState(data, state)
  target.scrollIntoView()
  target.tabIndex = -1
  target.focus({ preventScroll: true })
}

const THEMES = ['automatic', 'light', 'dark'] as const
let theme = 0

function nextTheme(button: Element): void {
  theme = (theme + 1) % THEMES.length
  const name = THEMES[theme]!
  if (name === 'automatic') delete root.dataset['theme']
  else root.dataset['theme'] = name
  button.textContent = `Theme: ${name}`
  draw()
}

function copyPart(what: string): void {
  if (what === 'markdown') void copy(data.markdown, 'Markdown')
  else void copy(document.querySelector(`#${what}`)?.textContent ?? '', 'Commands')
}

document.addEventListener('click', (event) => {
  const target = event.target instanceof Element ? event.target : null
  const link = target?.closest<HTMLAnchorElement>('a[href^="#"]')
  const button = target?.closest<HTMLElement>('button')
  if (link) return follow(link, event)
  if (!button) return
  const { chip, copy: what } = button.dataset
  if (chip !== undefined) {
    if (!state.hidden.delete(Number(chip))) state.hidden.add(Number(chip))
    change()
  } else if (what !== undefined) copyPart(what)
  else if (button.id === 'theme') nextTheme(button)
  else if (button.id === 'download') void downloadRun(document.querySelector('#run')!.textContent, `${data.run}.json`)
})
document.querySelector('#scenario')?.addEventListener('change', (event) => {
  state.scenario = Number((event.target as HTMLSelectElement).value)
  change()
})
window.addEventListener('hashchange', () => {
  Object.assign(state, readState(data))
  show()
})
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw)
matchMedia(`(max-width: ${NARROW_PX - 1}px)`).addEventListener('change', draw)
// Paper is white whatever the screen shows; its style sheet says so, and the charts follow.
matchMedia('print').addEventListener('change', draw)

prepareCards()
watchScrollers()
show()
if (state.section !== '') document.getElementById(state.section)?.scrollIntoView()
root.dataset['ready'] = 'yes'
