import { count, decimal, duration, percent, plural } from '../../reports/format.ts'
import type { Row, Unit } from '../selftest/row.ts'
import type { Checked } from '../selftest/selftest.ts'

const SIGNS = { pass: '✔', fail: '✖', contended: '?' } as const

/** One line of progress: `✔ The clock, 4 rows, 0.5 s`. */
export function heading({ title, rows, attempts, busy, tookMs }: Checked): string {
  const worst = rows.some(({ verdict }) => verdict === 'fail')
    ? 'fail'
    : rows.some(({ verdict }) => verdict === 'contended')
      ? 'contended'
      : 'pass'
  const waited = busy === null ? '' : `, somebody waited for a processor in ${percent(busy)} of it`
  const again = attempts === 1 ? '' : `, run ${attempts} times`
  return `${SIGNS[worst]} ${title}: ${plural(rows.length, 'row')} in ${duration(tookMs * 1e6)}${again}${waited}`
}

/** Check, truth, measured, allowed, verdict. */
export function table(done: readonly Checked[]): string {
  const head = ['', 'truth', 'measured', 'allowed', '']
  const bodies = done.map(({ rows }) => rows.map((row) => cellsOf(row)))
  const all = [head, ...bodies.flat()]
  const width = (column: number): number => Math.max(...all.map((cells) => cells[column]!.length))
  const widths = head.map((_, column) => width(column))
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        column === 0 || column === 4 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
      )
      .join('  ')
      .trimEnd()
  return done
    .flatMap(({ title }, n) => [
      line([title, ...(n === 0 ? head.slice(1) : ['', '', '', ''])]),
      ...bodies[n]!.map(line),
      '',
    ])
    .join('\n')
}

function cellsOf(row: Checked['rows'][number]): string[] {
  return [
    `  ${row.what}`,
    say(row.unit, row.truth),
    say(row.unit, row.measured),
    allowed(row),
    `${SIGNS[row.verdict]} ${row.verdict}`,
  ]
}

function say(unit: Unit, value: number): string {
  switch (unit) {
    case 'ns':
      return duration(value)
    case 'count':
      return count(value)
    case 'number':
      return decimal(value)
  }
}

/** How far from the truth: on both sides alike, or on each its own. */
function allowed({ unit, truth, low, high }: Row): string {
  if (low === high) return 'exactly'
  const [below, above] = [truth - low, high - truth]
  if (Math.abs(below - above) < above * 1e-9) return `± ${say(unit, above)}`
  return `−${say(unit, below)} +${say(unit, above)}`
}

export function closing(done: readonly Checked[]): string {
  const rows = done.flatMap((checked) => checked.rows)
  const counted = (wanted: string): number => rows.filter(({ verdict }) => verdict === wanted).length
  const [failed, contended] = [counted('fail'), counted('contended')]
  const parts = [`${plural(rows.length, 'row')} checked`, failed === 0 ? 'none failed' : `${count(failed)} failed`]
  if (contended > 0)
    parts.push(`${count(contended)} not judged, because the machine was too busy: run it again when it is quiet`)
  return `${parts.join(', ')}.`
}
