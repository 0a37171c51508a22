import { expect, test } from 'vitest'
import type { Comparison, K6Cell } from '../../bench/contract/index.ts'
import { count, duration, percent } from '../format.ts'
import { inBrowser } from '../testing/browser.ts'
import { inventedComparison } from '../testing/fixture.ts'
import { shownTables } from '../testing/shown.ts'

type MeasuredK6 = Extract<K6Cell, { outcome: 'measured' }>

function rowOf({ run }: Comparison, cell: MeasuredK6): string[] {
  const { backend, scenario, target, offered, answered, errors, dropped, unfinished, lost } = cell
  const facts = run.backends.find(({ id }) => id === backend)!
  const asked = run.scenarios.find(({ id }) => id === scenario)
  const isWrite = asked !== undefined && asked.kind !== 'read'
  const isWhole = dropped + unfinished === 0 && lost.length === 0
  const quantileOf = (p: number): string => {
    const ns = cell.quantiles.find((one) => one.p === p)?.ns ?? null
    return !isWhole ? 'invalid' : ns === null ? 'too few' : duration(ns)
  }
  const missing = [
    `${count(dropped + unfinished)} ${percent((dropped + unfinished) / offered)}: ${dropped} dropped, ${unfinished} unfinished`,
    ...lost.map(({ segment, why }) => `segment ${segment} died: ${why}`),
  ]
  return [
    `${facts.title} ${asked?.title ?? 'Empty request'} · ${target === 'worker' ? 'its own Worker' : 'sqlatency serve'}${
      isWrite ? `, commits ${facts.session?.durability ?? 'undeclared'}` : ''
    }`,
    ...[0.5, 0.95, 0.99].map(quantileOf),
    `${isWhole ? '' : '≥ '}${duration(cell.maxNs)}`,
    `${count(answered)} of ${count(offered)}`,
    [
      count(errors.reduce((sum, one) => sum + one.count, 0)),
      errors.map(({ code, count: times }) => `${code}: ${count(times)}`).join(', '),
    ]
      .join(' ')
      .trim(),
    isWhole ? '0' : missing.join('; '),
  ]
}

/** Writes among the first scenarios, which k6 asks; percentiles that no other cell has, and some that are too few. */
function withWrites(comparison: Comparison): Comparison {
  const scenarios = comparison.run.scenarios.map((one, n) => ({
    ...one,
    kind: n === 1 ? ('write' as const) : one.kind,
  }))
  const k6 = comparison.run.k6!
  const cells = k6.cells.map((cell, n) =>
    cell.outcome !== 'measured'
      ? cell
      : {
          ...cell,
          quantiles: cell.quantiles.map(({ p, ns }, q) => ({
            p,
            ns: ns === null || (n + q) % 7 === 0 ? null : ns * (1 + n / 100),
          })),
        },
  )
  return { ...comparison, run: { ...comparison.run, scenarios, k6: { ...k6, cells } } }
}

const SHAPES: readonly (readonly [string, Comparison])[] = [
  ['as invented', inventedComparison({ scenarios: 4, k6: true })],
  ['with writes and too few answers', withWrites(inventedComparison({ scenarios: 3, backends: 12, k6: true }))],
]

inBrowser('every cell of the table of k6', ({ open }) => {
  test.each(SHAPES)('equals the data: %s', async (_, comparison) => {
    const { page, close } = await open(comparison)
    const { run } = comparison
    const measured = run.k6!.cells.filter((cell) => cell.outcome === 'measured')
    const shown = (await shownTables(page)).filter(({ section }) => section === 'http')
    expect(shown.map(({ heads, rows }) => ({ heads, rows }))).toEqual([
      {
        heads: ['Scenario, backend', 'p50', 'p95', 'p99', 'longest', 'answered', 'errors', 'missing'],
        rows: [null, ...run.scenarios.map(({ id }) => id)].flatMap((scenario) =>
          measured.filter((cell) => cell.scenario === scenario).map((cell) => rowOf(comparison, cell)),
        ),
      },
    ])
    await close()
  })
})
