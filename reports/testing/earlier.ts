import type { Comparison, History, HistoryPoint, MeasuredCell, Run } from '../../bench/contract/index.ts'
import { contest, inventedGate } from './gate.ts'
import type { Shape } from './shape.ts'
import { HOSTILE } from './shape.ts'

const RUNS = 20
/** From this run on the last backend of every scenario is slower by a tenth. */
const TURN = 12

/** Against an earlier run, and among invented ones. */
export function earlierOf(shape: Shape, run: Run): Pick<Comparison, 'baseline' | 'history'> {
  if (!shape.earlier) return { baseline: null, history: null }
  const databases = run.backends.filter(({ traits }) => !traits.includes('null')).map(({ id }) => id)
  const cells = run.cells
    // As the analysis does: a series has one load.
    .filter((cell) => cell.outcome === 'measured')
    .filter((cell) => cell.load.kind === 'closed')
    .filter((cell) => databases.includes(cell.backend))
  return {
    baseline: inventedGate(run, {
      kind: 'stored',
      outcome: 'passed',
      controls: [],
      cells: cells.map(({ backend, scenario, estimates }, n) => {
        const verdict = (['slower', 'same', 'inconclusive', 'faster'] as const)[n % 4]!
        const first = contest([0.08, 0.002, 0.04, -0.07][n % 4]!, [0.02, 0.01, 0.06, 0.02][n % 4]!, verdict)
        return {
          backend,
          scenario,
          title: run.scenarios.find(({ id }) => id === scenario)!.title,
          definition: 'same',
          outcome: {
            kind: 'compared',
            verdict,
            first,
            confirmation: null,
            baseNs: estimates.p50.valueNs / (1 + first.change.value),
            headNs: estimates.p50.valueNs,
            p99: null,
            unsteady: [],
            repeated: 0,
          },
        }
      }),
    }),
    history: inventedHistory(shape, databases.at(-1), cells),
  }
}

function inventedHistory(shape: Shape, last: string | undefined, cells: readonly MeasuredCell[]): History {
  const reference = cells[0]?.backend ?? null
  return {
    runs: Array.from({ length: RUNS }, (_, n) => ({
      id: shape.hostile ? `${HOSTILE}${n}` : `invented-${n + 1}`,
      startedAt: `2026-11-${String(n + 1).padStart(2, '0')}T09:14:05.120Z`,
      commit: n % 5 === 4 ? null : shape.hostile ? HOSTILE : `${'0123456789abcdef'.slice(n % 9, (n % 9) + 7)}00000`,
    })),
    leftOut: { otherMachine: 2, otherLoad: 0, unfinished: 1 },
    reference,
    series: cells.map(({ backend, scenario, estimates: { p50 } }, s) => {
      const turns = backend === last && backend !== reference
      const points = Array.from({ length: RUNS }, (_, n): HistoryPoint => {
        const value = (turns && n >= TURN ? 1.1 : 1) * (1 + 0.01 * Math.sin(3.7 * n + s))
        return {
          run: n,
          p50: { valueNs: p50.valueNs * value, lowNs: p50.valueNs * value * 0.99, highNs: p50.valueNs * value * 1.01 },
          ratio: backend === reference ? null : { value: 7 * value, low: 7 * value * 0.99, high: 7 * value * 1.01 },
        }
      })
      const change = { value: 0.1, low: 0.09, high: 0.11, p: 0.0001, detectable: 0.01 }
      return { backend, scenario, points, changes: turns ? [{ run: TURN, change }] : [] }
    }),
    commitUrl: 'https://example.com/commit/%s',
  }
}
