import type {
  Comparison,
  Estimate,
  LagEstimate,
  LagFigures,
  MeasuredCell,
  RankedRow,
} from '../../bench/contract/index.ts'

/** Figures of one cell of a table in their order; null where none can be said. */
export type Expected = readonly (number | null)[]

/**
 * What the tables of the page must say, straight from the comparison: no code of the reports takes part. A scenario's
 * tables are found by its place, the others by their first head.
 */
export interface ExpectedTables {
  readonly ranking: readonly (readonly (readonly Expected[])[])[]
  readonly matrix: readonly (readonly Expected[])[]
  readonly page: readonly (readonly (readonly Expected[])[])[]
  readonly contrast: readonly (readonly Expected[])[]
  readonly percentiles: readonly (readonly (readonly Expected[])[])[]
  readonly laws: readonly (readonly (readonly Expected[])[])[]
  readonly points: readonly (readonly (readonly Expected[])[])[]
  readonly loads: readonly (readonly (readonly Expected[])[])[]
  readonly lag: readonly (readonly Expected[])[]
  readonly markers: readonly (readonly Expected[])[]
  readonly reads: readonly (readonly Expected[])[]
}

const ends = ({ valueNs, lowNs, highNs }: Estimate): Expected =>
  lowNs === null || highNs === null ? [valueNs] : [valueNs, lowNs, highNs]

const times = (n: number, { valueNs, lowNs, highNs }: Estimate): Estimate => ({
  valueNs: n * valueNs,
  lowNs: lowNs === null ? null : n * lowNs,
  highNs: highNs === null ? null : n * highNs,
})

export function expectedTables(comparison: Comparison): ExpectedTables {
  const { run, rankings, means, loads } = comparison
  const nulls = run.backends.filter(({ traits }) => traits.includes('null'))
  const databases = run.backends.filter((backend) => !nulls.includes(backend))
  const cellOf = (backend: string, scenario: string): MeasuredCell | undefined =>
    run.cells.find(
      (cell): cell is MeasuredCell =>
        cell.outcome === 'measured' &&
        cell.load.kind === 'closed' &&
        cell.backend === backend &&
        cell.scenario === scenario,
    )
  const meanOf = (backend: string, scenario: string) =>
    means.find((one) => one.backend === backend && one.scenario === scenario)?.estimate
  const laws = run.distance?.laws ?? []
  const lag = run.lag.flatMap((cell) => (cell.outcome === 'measured' ? [cell] : []))
  const perScenario = <T>(of: (scenario: string) => readonly T[]): T[][] =>
    run.scenarios.map(({ id }) => [...of(id)]).filter((rows) => rows.length > 0)
  const phases = lag.flatMap((cell): { load: Expected; figures: LagFigures }[] => [
    { load: [], figures: cell },
    ...(cell.underLoad === null
      ? []
      : [
          {
            load: [cell.underLoad.load.achievedPerSecond, cell.underLoad.load.offeredPerSecond],
            figures: cell.underLoad,
          },
        ]),
  ])
  const ps = [0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999]
  return {
    ranking: rankings.map(({ rows }) =>
      rows.map((row) =>
        rankingRow(
          row,
          rows.find(({ rank }) => rank !== null),
        ),
      ),
    ),
    matrix: run.scenarios.map(({ id }) => [
      ...databases.map((backend): Expected => {
        const row = rankings.find((one) => one.scenario.id === id)?.rows.find((one) => one.backend.id === backend.id)
        if (row === undefined) return []
        const { valueNs } = row.cell.estimates.p50
        return row.rank === null || row.rank === 1 ? [valueNs] : [valueNs, row.ratio.value]
      }),
      ...nulls.map((backend): Expected => [cellOf(backend.id, id)?.estimates.p50.valueNs ?? null]),
    ]),
    page: perScenario((scenario) =>
      databases
        .flatMap(({ id }) => meanOf(id, scenario) ?? [])
        .toSorted((a, b) => a.valueNs - b.valueNs)
        .map((mean): Expected[] => [
          ends(mean),
          ...[5, 10, 21, 50].map((n): Expected => [n * mean.valueNs]),
          [Math.floor(100e6 / mean.valueNs)],
        ]),
    ),
    contrast: databases.flatMap(({ id }): Expected[][] => {
      const [one, whole] = [meanOf(id, 'point-read'), meanOf(id, 'n-plus-one')]
      return one === undefined || whole === undefined
        ? []
        : [[ends(times(21, one)), ends(whole), [whole.valueNs / (21 * one.valueNs)]]]
    }),
    percentiles: perScenario((scenario) =>
      databases
        .flatMap(({ id }) => cellOf(id, scenario) ?? [])
        .map(({ estimates }): Expected[] => [
          ...ps.map((p): Expected => [quantile(estimates.quantiles, p)]),
          [estimates.maxNs],
        ]),
    ),
    laws: perScenario((scenario) =>
      laws
        .filter((law) => law.scenario === scenario)
        .map((law): Expected[] => {
          if (law.outcome === 'none') return [[], [], [], [], []]
          if (law.outcome === 'constant') return [[0], [], [law.baseNs], [], []]
          const { value, low, high } = law.roundTrips
          return [[value], low === null ? [] : [low, high], [law.baseNs], [law.fitError], [law.leftOutError]]
        }),
    ),
    points: perScenario((scenario) =>
      laws.flatMap((law): Expected[][] =>
        law.outcome === 'fitted' && law.scenario === scenario
          ? [law.points.map(({ p50Ns, predictedNs }): Expected => [p50Ns, predictedNs])]
          : [],
      ),
    ),
    loads: perScenario((scenario) =>
      loads
        .filter((curve) => curve.scenario === scenario)
        .flatMap(({ points }) =>
          points.map(({ cell: { estimates } }): Expected[] => {
            const response = estimates.response!
            return [
              [response.offeredPerSecond],
              [response.achievedPerSecond],
              [response.unissued],
              [0.5, 0.99].map((p) => quantile(estimates.quantiles, p)),
              [0.5, 0.99].map((p) => quantile(response.quantiles, p)),
              [response.lateness.p50Ns, response.lateness.p99Ns],
              [estimates.errors],
            ]
          }),
        ),
    ),
    lag: phases.flatMap(({ load, figures }) =>
      [figures.ackToVisible, figures.commitToVisible, figures.sendToVisible].map((estimate): Expected[] => [
        load,
        [],
        ...brackets(estimate),
      ]),
    ),
    markers: phases.map(({ load, figures }): Expected[] => [
      load,
      [figures.markers, figures.leftCensored, figures.rightCensored],
      [figures.missedAfterAck, figures.markers],
      [figures.wentBack, figures.polls],
      figures.position === null
        ? []
        : [figures.position.agreeing, figures.position.compared, figures.position.maxBehind],
      [figures.pollsPerSecond, figures.pollP50Ns],
    ]),
    reads: lag.map(({ ownWrites, reads }): Expected[] => [
      [ownWrites?.missed ?? null, ownWrites?.probes ?? null],
      [ownWrites?.nextReadP50Ns ?? null],
      ...[reads.quiet, reads.applying].flatMap((one): Expected[] =>
        one === null ? [[], []] : [[one.p50Ns], [one.p99Ns, one.maxNs]],
      ),
    ]),
  }
}

const quantile = (among: readonly { readonly p: number; readonly ns: number | null }[], wanted: number) =>
  among.find(({ p }) => p === wanted)?.ns ?? null

function rankingRow({ rank, ratio, cell: { estimates } }: RankedRow, reference: RankedRow | undefined): Expected[] {
  const isReference = reference !== undefined && reference.cell.estimates === estimates
  return [
    ends(estimates.p50),
    rank === null ? [] : isReference || ratio.low === null ? [ratio.value] : [ratio.value, ratio.low, ratio.high],
    [],
    [quantile(estimates.quantiles, 0.99)],
    [quantile(estimates.quantiles, 0.999)],
    [estimates.operations, estimates.rounds],
    [estimates.errors],
  ]
}

const brackets = ({ p50, p95, p99, maxUpperNs }: LagEstimate): Expected[] => [
  ...[p50, p95, p99].map((found): Expected => (found === null ? [] : [found.pointNs, found.lowerNs, found.upperNs])),
  [maxUpperNs],
]
