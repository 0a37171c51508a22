import type { Caveat, MeasuredCell, RankedRow, Ranking, Run } from '../../bench/contract/index.ts'
import { ONE_CALLER } from '../../bench/contract/index.ts'

/** Enough of a ranking to feed the reports without the analysis; the real one is bench/analyze. */
export function rankInvented(run: Run, caveats: readonly Caveat[]): Ranking[] {
  return run.scenarios.map((scenario) => {
    const cells = run.cells.filter((cell) => cell.scenario === scenario.id && cell.load.kind === 'closed')
    const facts = (id: string) => run.backends.find((backend) => backend.id === id)!
    const ranked = cells.filter((cell) => !facts(cell.backend).traits.includes('null'))
    const measured = ranked
      .filter((cell): cell is MeasuredCell => cell.outcome === 'measured')
      .toSorted((a, b) => a.estimates.p50.valueNs - b.estimates.p50.valueNs)
    const best = measured.find(wanted)
    let leader = best
    let rank = 1
    let place = 0
    const rows = measured.map((cell): RankedRow => {
      const { p50 } = cell.estimates
      const own = wanted(cell)
      if (own) {
        place += 1
        const bound = leader!.estimates.p50
        if ((p50.lowNs ?? p50.valueNs) > (bound.highNs ?? bound.valueNs)) {
          leader = cell
          rank = place
        }
      }
      const value = best === undefined ? 1 : p50.valueNs / best.estimates.p50.valueNs
      const even = cell === best
      return {
        rank: own ? rank : null,
        backend: facts(cell.backend),
        cell,
        ratio: {
          value,
          low: p50.lowNs === null ? null : even ? 1 : value * 0.97,
          high: p50.lowNs === null ? null : even ? 1 : value * 1.02,
        },
        caveats: caveats.filter((caveat) => concerns(caveat, cell)).map((caveat) => caveat.id),
      }
    })
    return {
      scenario,
      load: ONE_CALLER,
      rows,
      missing: ranked
        .filter((cell) => cell.outcome !== 'measured')
        .map((cell) => ({ backend: facts(cell.backend), cell })),
    }
  })
}

const wanted = (cell: MeasuredCell): boolean => cell.rounds.every((round) => round.durability !== 'relaxed')

function concerns(caveat: Caveat, cell: MeasuredCell): boolean {
  if ('cells' in caveat)
    return caveat.cells.some((one) => one.backend === cell.backend && one.scenario === cell.scenario)
  if (caveat.id === 'SATURATED')
    return caveat.loads.some((one) => one.ranked && one.backend === cell.backend && one.scenario === cell.scenario)
  if (caveat.id === 'SAME_HOST' || caveat.id === 'SERVER_NOT_REPLICATED' || !('backends' in caveat)) return false
  return (
    caveat.backends.includes(cell.backend) && (!('scenarios' in caveat) || caveat.scenarios.includes(cell.scenario))
  )
}
