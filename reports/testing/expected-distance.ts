import type { Law, LawPoint, Run } from '../../bench/contract/index.ts'
import type { Expected, ExpectedCell, ExpectedRow, ExpectedTable } from './expected-table.ts'
import { perScenario, titleIn } from './expected-table.ts'

export function expectedDistance(run: Run): Record<'laws' | 'points', readonly ExpectedTable[]> {
  const laws = run.distance?.laws ?? []
  const requestedNs = [
    ...new Set(
      laws.flatMap((law) => (law.outcome === 'fitted' ? law.points.map(({ requestedRttNs }) => requestedRttNs) : [])),
    ),
  ].toSorted((a, b) => a - b)
  /** They belong to a scenario by their caption. */
  const captioned = (tables: readonly ExpectedTable[]): ExpectedTable[] =>
    tables.map((one) => ({ ...one, scenario: null, caption: run.scenarios[one.scenario!]!.title }))
  return {
    laws: captioned(
      perScenario(
        run,
        'distance',
        ['Backend', 'k', '95 % interval', 'a', 'fit off by', 'left out, off by'],
        (scenario) =>
          laws
            .filter((law) => law.scenario === scenario)
            .map((law) => ({ head: titleIn(run, law.backend), cells: lawCells(law) })),
      ),
    ),
    points: captioned(
      perScenario(
        run,
        'distance',
        ['Backend', ...requestedNs.map((ns): Expected | string => (ns === 0 ? 'here' : [ns]))],
        (scenario) =>
          laws.flatMap((law): ExpectedRow[] =>
            law.outcome === 'fitted' && law.scenario === scenario
              ? [
                  {
                    head: titleIn(run, law.backend),
                    cells: requestedNs.map((ns) => {
                      const point = law.points.find(({ requestedRttNs }) => requestedRttNs === ns)
                      return point === undefined ? '–' : pointFigures(point)
                    }),
                  },
                ]
              : [],
          ),
      ),
    ),
  }
}

function pointFigures({ p50Ns, lowNs, highNs, predictedNs }: LawPoint): Expected {
  const interval = lowNs === null || highNs === null ? [] : [lowNs, highNs]
  return [p50Ns, ...interval, ...(predictedNs === null ? [] : [predictedNs])]
}

function lawCells(law: Law): ExpectedCell[] {
  if (law.outcome === 'none') return ['', law.reason === 'given' ? 'not moved' : 'too few distances', '', '', '']
  if (law.outcome === 'constant') return ['0', 'in process', [law.baseNs], '', '']
  const { value, low, high } = law.roundTrips
  return [
    [value],
    low === null ? 'no interval' : [low, high],
    [law.baseNs],
    [law.fitError],
    law.leftOutError === null ? 'too few' : [law.leftOutError],
  ]
}
