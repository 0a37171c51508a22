/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { Chart } from 'chart.js'
import type { ChartData } from '../../charts/data.ts'
import { drawnScenarios } from '../../charts/distance.ts'
import { charts } from '../../charts/index.ts'
import { parts } from '../../charts/parts.ts'
import { list } from '../../format.ts'
import { copy, downloadRun } from './actions.ts'
import { prepareCards } from './cards.ts'
import { coloursNow } from './colours.ts'
import { rttAt, showDistance } from './distance.ts'
import { embed } from './embed.ts'
import { Figure } from './figure.ts'
import { showMoved } from './moved.ts'
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
  return canvas === null ? [] : [{ id, drawOne, figure: new Figure(canvas) }]
})

/** @param only the charts that can have changed; without it all of them */
function show(only?: readonly string[]): void {
  const { scenario, hidden, queries } = state
  const slider = document.querySelector<HTMLInputElement>('#queries')
  if (slider !== null) slider.value = document.querySelector('#queries-said')!.textContent = String(queries)
  showMoved(data, state)
  showDistance(data, state)
  const select = document.querySelector<HTMLSelectElement>('#scenario')
  if (select !== null) select.value = String(scenario)
  for (const chip of all('[data-chip]'))
    chip.setAttribute('aria-pressed', String(!hidden.has(Number(chip.dataset['chip']))))
  for (const part of all('[data-scenario]')) part.hidden = Number(part.dataset['scenario']) !== scenario
  for (const part of all('[data-backend]')) part.hidden = hidden.has(Number(part.dataset['backend']))
  for (const part of all('[data-chosen]')) part.textContent = chosenText(part.closest('figure')?.id ?? '')
  draw(only)
}

/** What a chart shows, beside its title. */
function chosenText(figure: string): string {
  const titles = (scenarios: readonly number[]): string =>
    ` · ${list(scenarios.map((one) => data.scenarios[one]?.title ?? ''))}`
  if (figure !== 'figure-distance') return titles([state.scenario])
  if (data.distance === null) return ''
  const drawn = drawnScenarios(data, data.distance, state.scenario)
  return drawn.length === 0 ? '' : titles(drawn)
}

function draw(only?: readonly string[]): void {
  const shown = new Set([...data.backends.keys()].filter((place) => !state.hidden.has(place)))
  const colours = coloursNow()
  Chart.defaults.plugins.tooltip.backgroundColor = colours.ink
  Chart.defaults.plugins.tooltip.bodyColor = Chart.defaults.plugins.tooltip.titleColor = colours.card
  const scene = {
    scenario: state.scenario,
    shown,
    colours,
    narrow: window.innerWidth < NARROW_PX,
    rttNs: state.rttMs * 1e6,
    queries: state.queries,
  }
  for (const { id, drawOne, figure } of figures)
    if (only === undefined || only.includes(id)) figure.show(drawOne(data, scene))
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
  const { chip, copy: what, rttMs } = button.dataset
  if (chip !== undefined) {
    if (!state.hidden.delete(Number(chip))) state.hidden.add(Number(chip))
    change()
  } else if (rttMs !== undefined) {
    state.rttMs = Number(rttMs)
    change()
  } else if (what !== undefined) copyPart(what)
  else if (button.id === 'theme') nextTheme(button)
  else if (button.id === 'download') void downloadRun(document.querySelector('#run')!.textContent, `${data.run}.json`)
})
// While a slider moves, the views follow; the address does when it rests, for browsers count how often it is written.
document.addEventListener('input', ({ target }) => {
  if (!(target instanceof HTMLInputElement)) return
  if (target.id === 'queries') {
    state.queries = Number(target.value)
    show(['page'])
  } else if (target.dataset['rtt'] !== undefined) {
    state.rttMs = rttAt(data, Number(target.value))
    show(['ladder', 'page', 'distance'])
  }
})
document.addEventListener('change', ({ target }) => {
  if (target instanceof HTMLInputElement) writeState(data, state)
})
document.querySelector('#scenario')?.addEventListener('change', (event) => {
  state.scenario = Number((event.target as HTMLSelectElement).value)
  change()
})
window.addEventListener('hashchange', () => {
  Object.assign(state, readState(data))
  show()
})
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => draw())
matchMedia(`(max-width: ${NARROW_PX - 1}px)`).addEventListener('change', () => draw())
// Paper is white whatever the screen shows; its style sheet says so, and the charts follow.
matchMedia('print').addEventListener('change', () => draw())

prepareCards()
watchScrollers()
show()
if (state.section !== '') document.getElementById(state.section)?.scrollIntoView()
root.dataset['ready'] = 'yes'
