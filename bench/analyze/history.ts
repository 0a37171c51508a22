import type {
  History,
  HistoryChange,
  HistoryPoint,
  HistorySeries,
  HostFacts,
  MeasuredCell,
  Run,
} from '../contract/index.ts'
import { loadKey, seededRandom, withoutMoved } from '../contract/index.ts'
import { asked } from './asked.ts'
import type { ChangeRules } from './change-points.ts'
import { changePoints } from './change-points.ts'
import { pairedRatio } from './compare.ts'
import { changeOf } from './contest.ts'
import { detectable } from './gate.ts'
import { hodgesLehmannShift, rankSumP } from './rank-sum.ts'
import { rankedLoad } from './ranked-load.ts'

/** Fewer values than this say nothing about the stretch that they stand for, and less than 3 % is not worth a look. */
export const HISTORY_RULES: ChangeRules & { readonly threshold: number } = {
  alpha: 0.01,
  shortest: 4,
  shuffles: 399,
  threshold: 0.03,
}

/**
 * What stored runs tell over time. Change points are looked for in the ratio to a reference that was measured in the same
 * job, on a log scale: what a machine does to both cancels. Runs of another kind of machine or another load are left out.
 */
export function historyOf(
  stored: readonly Run[],
  options: { readonly reference?: string; readonly commitUrl?: string } = {},
): History {
  const finished = stored.filter((run) => run.cells.some(({ outcome }) => outcome === 'measured'))
  const ordered = finished.toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0))
  const newest = ordered.at(-1)
  const here = ordered.filter((run) => machineOf(run.host) === machineOf(newest!.host))
  const runs = here.filter((run) => loadKey(rankedLoad(run)) === loadKey(rankedLoad(newest!))).map(withoutMoved)
  const reference = newest === undefined ? null : referenceOf(runs, options.reference ?? null)
  return {
    runs: runs.map(({ id, startedAt, harness, project }) => ({
      id,
      startedAt,
      commit: project?.commit ?? harness.commit,
    })),
    leftOut: {
      unfinished: stored.length - finished.length,
      otherMachine: finished.length - here.length,
      otherLoad: here.length - runs.length,
    },
    reference,
    series: newest === undefined ? [] : seriesOf(runs, reference),
    commitUrl: options.commitUrl ?? null,
  }
}

const machineOf = ({ cpu, cores, arch }: HostFacts): string => JSON.stringify([cpu, cores, arch])

/** The one that was asked for; else the backend that is in most runs, and of those the first. */
function referenceOf(runs: readonly Run[], wanted: string | null): string | null {
  const newest = runs.at(-1)!
  if (wanted !== null) return newest.backends.some(({ id }) => id === wanted) ? wanted : null
  const times = (id: string): number => runs.filter((run) => cellsOf(run).some(({ backend }) => backend === id)).length
  const ids = newest.backends.filter(({ traits }) => !traits.includes('null')).map(({ id }) => id)
  return ids.toSorted((a, b) => times(b) - times(a))[0] ?? null
}

/** Measured, at the load that is ranked, and not the harness alone. */
function cellsOf(run: Run): MeasuredCell[] {
  const load = loadKey(rankedLoad(run))
  const nothing = new Set(run.backends.filter(({ traits }) => traits.includes('null')).map(({ id }) => id))
  return run.cells.flatMap((cell) =>
    cell.outcome === 'measured' && loadKey(cell.load) === load && !nothing.has(cell.backend) ? [cell] : [],
  )
}

function seriesOf(runs: readonly Run[], reference: string | null): HistorySeries[] {
  const newest = runs.at(-1)!
  const cells = runs.map((run) => new Map(cellsOf(run).map((cell) => [nameOf(cell.backend, cell.scenario), cell])))
  return cellsOf(newest).map(({ backend, scenario }): HistorySeries => {
    const points = runs.flatMap((run, n): HistoryPoint[] => {
      const cell = cells[n]!.get(nameOf(backend, scenario))
      if (cell === undefined || asked(scenario, run) !== asked(scenario, newest)) return []
      const other = reference === null ? undefined : cells[n]!.get(nameOf(reference, scenario))
      const ratio = other === undefined || backend === reference ? null : pairedRatio(cell, other)
      return [{ run: n, p50: cell.estimates.p50, ratio }]
    })
    return { backend, scenario, points, changes: changesOf(points, [backend, scenario]) }
  })
}

const nameOf = (backend: string, scenario: string): string => JSON.stringify([backend, scenario])

function changesOf(points: readonly HistoryPoint[], name: readonly string[]): HistoryChange[] {
  const compared = points.flatMap(({ run, ratio }) => (ratio === null ? [] : [{ run, value: Math.log(ratio.value) }]))
  const values = compared.map(({ value }) => value)
  const found = changePoints(values, HISTORY_RULES, seededRandom('history', ...name))
  return found.flatMap((at, n): HistoryChange[] => {
    const before = values.slice(found[n - 1] ?? 0, at)
    const after = values.slice(at, found[n + 1] ?? values.length)
    const { estimate, low, high } = hodgesLehmannShift(before, after, HISTORY_RULES.alpha)
    if (Math.abs(estimate) < Math.log(1 + HISTORY_RULES.threshold)) return []
    const shift = {
      estimate,
      low,
      high,
      p: rankSumP(before, after),
      detectable: detectable(low, high, HISTORY_RULES.alpha),
    }
    return [{ run: compared[at]!.run, change: changeOf(shift) }]
  })
}
