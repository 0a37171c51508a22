import type { Comparison } from '../bench/contract/index.ts'
import { claimCounts } from './claims.ts'
import { moment, plural } from './format.ts'
import { k6Lines } from './k6-lines.ts'
import { lagLines } from './lag-lines.ts'
import { lagReasons } from './lag-tables.ts'
import { loadTables } from './load-table.ts'
import { floor, ranOn } from './method.ts'
import { missingText } from './missing.ts'
import type { Paint } from './paint.ts'
import { harmless, padRight, painter, wrap } from './paint.ts'
import { repeatedText, slowText } from './rounds.ts'
import { plain } from './sentence.ts'
import { distanceLines } from './terminal-distance.ts'
import { blocks } from './terminal-table.ts'
import { verdict } from './verdict.ts'
import type { View } from './view.ts'
import { viewOf } from './view.ts'

export interface TerminalOptions {
  /** Columns of the terminal; it is laid out for 80 to 160. */
  readonly width: number
  readonly color: boolean
  /** Files that were written, named at the end. */
  readonly files?: readonly string[]
}

/** What a person reads at the end of a run. Ends with a line break. */
export function renderTerminal(comparison: Comparison, { width, color, files = [] }: TerminalOptions): string {
  const all = viewOf(comparison)
  const columns = Math.max(60, Math.min(width, 160))
  const paint = painter(color)
  const parts = [
    title(all, paint, columns),
    verdict(all).flatMap((sentence) => wrap(plain(sentence), columns)),
    ...(all.run.cells.length === 0 ? [] : [...blocks(all, paint, columns), floors(all, paint, columns)]),
    ...loadTables(all, paint, columns),
    distanceLines(all, paint, columns),
    contended(all, paint, columns),
    slow(all, paint, columns),
    lag(all, paint, columns),
    k6Lines(all, paint, columns),
    claims(all, columns),
    failures(all, paint, columns),
    caveats(all, paint, columns),
    files.map((file) => `${paint('bold', 'Report')}  ${harmless(file)}`),
  ]
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => line.trimEnd()).join('\n'))
    .join('\n\n')}\n`
}

function title({ run }: View, paint: Paint, columns: number): string[] {
  const status = paint(run.status === 'complete' ? 'green' : 'yellow', run.status)
  const [first = '', ...more] = wrap(
    `run ${run.id}, ${moment(run.startedAt)}, plan ${run.plan.name}, ${plural(run.plan.rounds, 'round')}, seed ${run.seed}`,
    columns - 11,
  )
  return [
    `${paint('bold', 'sqlatency')}  ${first}`,
    ...more,
    ...wrap(`${ranOn(run)}, Node ${run.host.node}`, columns).map((line) => paint('dim', line)),
    `status: ${status}`,
  ]
}

function floors(all: View, paint: Paint, columns: number): string[] {
  return all.nulls
    .flatMap((backend) => wrap(`Floor: ${floor(all, backend)}.`, columns))
    .map((line) => paint('dim', line))
}

function contended(all: View, paint: Paint, columns: number): string[] {
  const { rounds, limitReached } = all.run.repeated
  if (rounds.length === 0 && !limitReached) return []
  return wrap(repeatedText(all), columns).map((line) => paint('dim', line))
}

function slow(all: View, paint: Paint, columns: number): string[] {
  const text = slowText(all)
  return text === null ? [] : wrap(`Slow operations: ${text}`, columns).map((line) => paint('dim', line))
}

function lag(all: View, paint: Paint, columns: number): string[] {
  const measured = all.run.lag.flatMap((cell) => {
    if (cell.outcome !== 'measured') return []
    const { head, details } = lagLines(all, cell)
    const beneath = details.flatMap((line) => wrap(line, columns - 2, '  '))
    return [...wrap(head, columns, '  '), ...beneath.map((line) => `  ${line}`)]
  })
  const others = lagReasons({
    ...all,
    run: { ...all.run, lag: all.run.lag.filter(({ outcome }) => outcome !== 'none') },
  })
  const lines = [...measured, ...others.flatMap(([reason, backends]) => wrap(`${backends}: ${reason}`, columns, '  '))]
  return lines.length === 0 ? [] : [paint('bold', 'Replication lag'), ...lines]
}

function claims(all: View, columns: number): string[] {
  const counts = claimCounts(all)
  return counts === null ? [] : wrap(counts, columns)
}

/** A trouble that hit several scenarios of a backend alike is told once. */
function failures(all: View, paint: Paint, columns: number): string[] {
  const titles = new Map(all.scenarios.map((scenario) => [scenario.id, scenario.title]))
  const groups = new Map<string, { backend: string; text: string; scenarios: string[] }>()
  for (const cell of all.run.cells) {
    if (cell.outcome === 'measured') continue
    const text = missingText(cell)
    const key = JSON.stringify([cell.backend, text])
    const group = groups.get(key) ?? { backend: cell.backend, text, scenarios: [] }
    const name = titles.get(cell.scenario) ?? cell.scenario
    // Loads of one scenario are told once too.
    if (!group.scenarios.includes(name)) group.scenarios.push(name)
    groups.set(key, group)
  }
  if (groups.size === 0) return []
  return [
    paint('bold', 'Not measured'),
    ...[...groups.values()].flatMap(({ backend, text, scenarios }) =>
      wrap(
        `${all.title(backend)}, ${scenarios.length === 1 ? scenarios[0]! : plural(scenarios.length, 'scenario')}: ${text}`,
        columns,
        '  ',
      ),
    ),
  ]
}

function caveats(all: View, paint: Paint, columns: number): string[] {
  if (all.notes.length === 0) return []
  const indent = Math.max(...all.notes.map((note) => note.letter.length)) + 2
  return [
    `${paint('bold', 'Caveats')} ${paint('dim', '(in full in the report)')}`,
    ...all.notes.flatMap(({ letter, title: what }) => {
      const [first = '', ...more] = wrap(what, columns - indent)
      return [paint('cyan', padRight(letter, indent)) + first, ...more.map((line) => ' '.repeat(indent) + line)]
    }),
  ]
}
