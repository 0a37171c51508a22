import { expect, test } from 'vitest'
import type { Comparison, Gate, GateCell, History } from '../../bench/contract/index.ts'
import { change, changeInterval, duration, percent } from '../format.ts'
import { inBrowser } from '../testing/browser.ts'
import { inventedComparison } from '../testing/fixture.ts'
import { contest } from '../testing/gate.ts'
import { shownTables } from '../testing/shown.ts'
import { viewOf } from '../view.ts'

const COMPARED = {
  slower: '▲ slower',
  faster: '▼ faster',
  inconclusive: '? inconclusive',
  same: '= no change',
} as const

const wordOf = ({ outcome }: GateCell): string =>
  outcome.kind === 'compared' ? COMPARED[outcome.verdict] : outcome.kind === 'failed' ? 'failed' : 'not compared'

/** Of the confirmation where there was one, which decides. */
function cellsOf({ outcome }: GateCell): string[] {
  if (outcome.kind !== 'compared') return ['–', '–', '–', '–', '–']
  const { value, low, high, detectable } = (outcome.confirmation ?? outcome.first).change
  return [
    duration(outcome.baseNs),
    duration(outcome.headNs),
    change(value),
    changeInterval(low, high),
    detectable === null ? '–' : `≥ ${percent(detectable)}`,
  ]
}

/** Rows of some verdicts, by verdict and then in the order of the run. */
const deltaRows = (comparison: Comparison, verdicts: readonly string[]): string[][] =>
  verdicts.flatMap((verdict) =>
    comparison
      .baseline!.cells.filter((cell) => wordOf(cell) === verdict)
      .map((cell) => [cell.title, viewOf(comparison).short(cell.backend), ...cellsOf(cell), verdict]),
  )

function pointTables(comparison: Comparison): object[] {
  const { runs, series } = comparison.history!
  const view = viewOf(comparison)
  return comparison.run.scenarios.flatMap(({ id, title }, scenario) => {
    const own = view.run.backends.flatMap(({ id: backend }) =>
      series.filter((one) => one.backend === backend && one.scenario === id),
    )
    if (own.length === 0) return []
    return [
      {
        scenario,
        fold: `The figures of ${title}`,
        heads: ['Run', ...own.map(({ backend }) => view.short(backend))],
        rows: [...runs.entries()]
          .slice(-5)
          .map(([run, { id: name, commit }]) => [
            commit === null ? name : `${name} ${commit}`,
            ...own.map(({ points }) => duration(points.find((one) => one.run === run)?.p50.valueNs ?? null)),
          ]),
      },
    ]
  })
}

/** Everything that a row may be: confirmed, without an interval, failed, on one side only, interrupted. */
function mixed(comparison: Comparison): Comparison {
  const trouble = { stage: 'measure', code: 'X', message: 'It broke.', remedy: 'Mend it.' } as const
  const cells = comparison.baseline!.cells.map((cell, n): GateCell => {
    const { outcome } = cell
    if (outcome.kind !== 'compared' || n > 11) return cell
    const confirmation = contest(0.074, 0.013, outcome.verdict)
    const { change: own } = outcome.first
    const first = { ...outcome.first, change: { ...own, low: null, high: null, detectable: null } }
    const outcomes: readonly GateCell['outcome'][] = [
      { ...outcome, confirmation },
      { ...outcome, first },
      { kind: 'failed', side: 'head', ...trouble },
      { kind: 'only', side: 'base' },
      { kind: 'pending' },
      { ...outcome, verdict: 'inconclusive', confirmation },
    ]
    return { ...cell, outcome: outcomes[n % outcomes.length]! }
  })
  const gate: Gate = { ...comparison.baseline!, cells }
  const runs = comparison.history!.runs
  // Some runs asked otherwise, so that series have gaps.
  const history: History = {
    ...comparison.history!,
    series: comparison.history!.series.map((one, s) => ({
      ...one,
      points: one.points.filter(({ run }) => (run + s) % 4 !== 0 || run < runs.length - 5),
    })),
  }
  return { ...comparison, baseline: gate, history }
}

/** Of the newest runs there are fewer than a table has room for. */
function short(comparison: Comparison): Comparison {
  const { runs, series } = comparison.history!
  const few = series.map((one) => ({ ...one, points: one.points.filter(({ run }) => run < 3), changes: [] }))
  return { ...comparison, history: { ...comparison.history!, runs: runs.slice(0, 3), series: few } }
}

const SHAPES: readonly (readonly [string, Comparison])[] = [
  ['as invented', inventedComparison({ scenarios: 5, earlier: true })],
  ['everything that a row may be', mixed(inventedComparison({ scenarios: 5, earlier: true }))],
  ['a short history', short(inventedComparison({ scenarios: 2, backends: 3, earlier: true }))],
]

inBrowser('every cell of the tables of earlier runs', ({ open }) => {
  test.each(SHAPES)('equals the data: %s', async (_, comparison) => {
    const { page, close } = await open(comparison)
    const shown = (await shownTables(page)).filter(({ section }) => section === 'baseline')
    const deltas = shown.filter(({ heads }) => heads[0] === 'Scenario')
    for (const { heads } of deltas)
      expect(heads).toEqual(['Scenario', 'Backend', 'Then', 'Now', 'Change', '99 % interval', 'Would see', 'Verdict'])
    expect(deltas.map(({ fold, rows }) => [fold === '' ? 'told' : 'folded', rows])).toEqual(
      [
        ['told', deltaRows(comparison, ['▲ slower', 'failed', '▼ faster', 'not compared'])] as const,
        ['folded', deltaRows(comparison, ['? inconclusive', '= no change'])] as const,
      ].filter(([, rows]) => rows.length > 0),
    )
    expect(deltas.flatMap(({ rows }) => rows)).toHaveLength(comparison.baseline!.cells.length)
    expect(
      shown
        .filter((one) => !deltas.includes(one))
        .map(({ scenario, fold, heads, rows }) => ({ scenario, fold, heads, rows })),
    ).toEqual(pointTables(comparison))
    await close()
  })
})
