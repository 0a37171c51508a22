import { styleText } from 'node:util'
import { createLogUpdate } from 'log-update'
import { duration, rate } from '../../reports/format.ts'
import { containerText } from '../../reports/container.ts'
import { median } from '../analyze/quantiles.ts'
import type { K6Cell, LagCell, Load, Trouble } from '../contract/index.ts'
import type { Listener, RunEvent } from '../run/progress.ts'

export interface Display {
  readonly listen: Listener
  /** Leaves the terminal as a person expects it. */
  close(): void
}

/** Live on a terminal, plain lines elsewhere; always on stderr, so that stdout is the result alone. */
export function openDisplay(options: { quiet: boolean; stream?: NodeJS.WriteStream }): Display {
  const stream = options.stream ?? process.stderr
  if (options.quiet) return { listen: () => undefined, close: () => undefined }
  return stream.isTTY ? liveDisplay(stream) : plainDisplay(stream)
}

/** A line an event that matters; one in ten rounds, so that a log stays readable. */
function plainDisplay(stream: NodeJS.WriteStream): Display {
  const say = (line: string): void => void stream.write(`${line}\n`)
  let told = -1
  return {
    close: () => undefined,
    listen(event) {
      if (event.kind === 'round-done') {
        const tenth = Math.floor((event.done * 10) / event.of)
        if (tenth > told) say(`measured ${event.done} of ${event.of} rounds`)
        told = Math.max(told, tenth)
        return
      }
      const line = describe(event)
      if (line !== null) say(line)
    },
  }
}

function describe(event: RunEvent): string | null {
  switch (event.kind) {
    case 'begin':
      return `run ${event.runId}, results in ${event.directory}`
    case 'backend':
      return `${event.backend}: ${event.state}`
    case 'container':
      return `${event.backend}: ${containerText(event.container)}`
    case 'backend-failed':
      return `${event.backend}: ${troubleLine(event.trouble)}`
    case 'cell-failed':
      return `${event.backend}, ${event.scenario}: ${troubleLine(event.trouble)}`
    case 'backend-skipped':
      return `${event.backend}: skipped: ${event.reason}`
    case 'lag-done':
      return describeLag(event.lag)
    case 'analyzing':
      return 'analyzing'
    case 'k6':
      return `${event.backend}: k6 asks ${event.scenario ?? 'empty requests'}`
    case 'k6-done':
      return describeK6(event.cell)
    case 'lag':
      return `${event.backend}: watching its replica`
    case 'round':
    case 'round-done':
    case 'end':
    case 'clean-up-failed':
      return null
  }
}

function describeK6(cell: K6Cell): string | null {
  const name = `${cell.backend}, ${cell.scenario ?? 'empty requests'}`
  if (cell.outcome === 'failed') return `${name}: ${troubleLine(cell)}`
  if (cell.outcome !== 'measured') return null
  const p50 = cell.quantiles.find(({ p }) => p === 0.5)?.ns ?? null
  return `${name}: ${cell.valid ? `${duration(p50)} (p50 of ${cell.answered} answers)` : `invalid, ${cell.dropped + cell.unfinished} dropped or unfinished`}`
}

function describeLag(lag: LagCell): string | null {
  if (lag.outcome === 'failed') return `${lag.backend}: ${troubleLine(lag)}`
  if (lag.outcome === 'none') return null
  if (lag.outcome === 'skipped') return `${lag.backend}: skipped: ${lag.reason}`
  const { p50 } = lag.ackToVisible
  if (p50 === null)
    return `${lag.backend}: ${lag.rightCensored} of ${lag.markers} markers did not reach the replica in time`
  const { lowerNs, upperNs } = p50
  const when =
    upperNs === 0
      ? 'no later than'
      : `${lowerNs === 0 ? `at most ${duration(upperNs)}` : `${duration(lowerNs)} to ${duration(upperNs)}`} after`
  return `${lag.backend}: a write shows ${when} its acknowledgement (p50 of ${lag.markers} markers)`
}

const troubleLine = ({ stage, code, message, remedy }: Trouble): string =>
  `failed at ${stage} (${code}): ${message} ${remedy}`

const FRAME_MS = 100
const BAR = 24

/** What runs now, how much is left, and the first figures as they come. */
function liveDisplay(stream: NodeJS.WriteStream): Display {
  const update = createLogUpdate(stream)
  const states = new Map<string, string>()
  const medians = new Map<string, Map<string, number[]>>()
  const troubles: string[] = []
  const notes: string[] = []
  let heading = ''
  let order: Order = { backends: [], scenarios: [] }
  let current = ''
  let progress = { done: 0, of: 0, first: 0, since: 0 }
  let drawnAt = 0
  let shown: Load['kind'] | null = null

  const frame = (): string => {
    const lines = [bold(heading), '']
    if (progress.of === 0)
      for (const [backend, state] of states) lines.push(`  ${mark(state)} ${backend.padEnd(18)} ${dim(state)}`)
    else lines.push(`  ${bar(progress)}`)
    if (current !== '') lines.push(`  ${dim('now')} ${current}`)
    lines.push(...notes.map((note) => `  ${dim(note)}`))
    lines.push(...figures(medians, order, stream.columns ?? 80))
    for (const trouble of troubles.slice(-4)) lines.push(`  ${styleText('red', '✖')} ${trouble}`)
    return lines.join('\n')
  }
  const draw = (force: boolean): void => {
    const time = performance.now()
    if (!force && time - drawnAt < FRAME_MS) return
    drawnAt = time
    update(frame())
  }
  return {
    close() {
      update.clear()
      update.done()
    },
    listen(event) {
      switch (event.kind) {
        case 'begin':
          heading = `sqlatency · run ${event.runId}`
          order = event
          break
        case 'backend':
          states.set(event.backend, event.state)
          break
        case 'container':
          notes.push(`${event.backend}: ${containerText(event.container)}`)
          break
        case 'backend-failed':
          states.set(event.backend, 'failed')
          troubles.push(`${event.backend}: ${troubleLine(event.trouble)}`)
          break
        case 'backend-skipped':
          states.set(event.backend, 'skipped')
          troubles.push(`${event.backend}: skipped: ${event.reason}`)
          break
        case 'cell-failed':
          troubles.push(`${event.backend}, ${event.scenario}: ${troubleLine(event.trouble)}`)
          break
        case 'round':
          // More rounds are planned when a sweep has found out what each backend can do.
          if (progress.of !== event.of)
            progress = { done: event.done, of: event.of, first: event.done, since: performance.now() }
          current = `${event.backend} · ${event.scenario}${loadOf(event.load)} · round ${event.repetition + 1}`
          break
        case 'round-done': {
          progress = { ...progress, done: event.done }
          // A sweep goes on with other loads, whose figures do not belong into the same row.
          shown ??= event.load.kind
          if (event.load.kind !== shown) break
          const row = medians.get(event.scenario) ?? new Map<string, number[]>()
          medians.set(event.scenario, row.set(event.backend, [...(row.get(event.backend) ?? []), event.round.p50Ns]))
          break
        }
        case 'k6':
          current = `k6 asks ${event.backend} · ${event.scenario ?? 'empty requests'}`
          break
        case 'k6-done':
          if (event.cell.outcome === 'failed') troubles.push(describeK6(event.cell)!)
          break
        case 'lag':
          current = `replication lag of ${event.backend}`
          break
        case 'analyzing':
          current = 'reading the samples once more, writing the reports'
          break
        case 'lag-done':
        case 'end':
        case 'clean-up-failed':
          break
      }
      draw(event.kind !== 'round' && event.kind !== 'round-done')
    },
  }
}

const loadOf = (load: Load): string => (load.kind === 'open' ? ` · ${rate(load.ratePerSecond)}` : '')

const bold = (text: string): string => styleText('bold', text)
const dim = (text: string): string => styleText('dim', text)
const mark = (state: string): string =>
  state === 'ready' ? styleText('green', '✔') : state === 'failed' ? styleText('red', '✖') : styleText('yellow', '·')

function bar({ done, of, first, since }: { done: number; of: number; first: number; since: number }): string {
  const filled = Math.round((BAR * done) / of)
  const leftSeconds = Math.ceil(((performance.now() - since) * (of - done)) / Math.max(1, done - first) / 1000)
  const left = done === first || done === of ? '' : dim(`  about ${spell(leftSeconds)} left`)
  return `${styleText('green', '━'.repeat(filled))}${dim('╌'.repeat(BAR - filled))}  ${done} of ${of} rounds${left}`
}

const spell = (seconds: number): string => (seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`)

interface Order {
  readonly backends: readonly string[]
  readonly scenarios: readonly string[]
}

/** Median of the rounds so far, a row a scenario, as many backends as the width takes. */
function figures(
  medians: ReadonlyMap<string, ReadonlyMap<string, number[]>>,
  { backends, scenarios }: Order,
  width: number,
): string[] {
  if (medians.size === 0) return []
  const label = Math.max(...scenarios.map((scenario) => scenario.length)) + 2
  const column = Math.max(11, ...backends.map((backend) => backend.length + 2))
  const fitting = backends.slice(0, Math.max(1, Math.floor((width - label - 2) / column)))
  const cell = (text: string): string => text.padStart(column)
  const value = (scenario: string, backend: string): string => {
    const rounds = medians.get(scenario)?.get(backend)
    return rounds === undefined ? '' : duration(median(rounds))
  }
  return [
    '',
    dim(`  ${'p50 so far'.padEnd(label)}${fitting.map(cell).join('')}`),
    ...scenarios.map(
      (scenario) => `  ${scenario.padEnd(label)}${fitting.map((backend) => cell(value(scenario, backend))).join('')}`,
    ),
  ]
}
