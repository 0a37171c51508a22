import type { Comparison, Estimate, LoadPoint, MeasuredCell, RankedRow } from '../../bench/contract/index.ts'
import { expectedDistance } from './expected-distance.ts'
import { expectedLag } from './expected-lag.ts'
import type { Expected, ExpectedCell, ExpectedRow, ExpectedTable } from './expected-table.ts'
import { perScenario, quantile, titleIn, wholeRun } from './expected-table.ts'

/** What the tables of the page must say, straight from the comparison: no code of the reports takes part. */
export type ExpectedTables = Readonly<
  Record<
    | 'ranking'
    | 'matrix'
    | 'page'
    | 'contrast'
    | 'percentiles'
    | 'laws'
    | 'points'
    | 'loads'
    | 'lag'
    | 'markers'
    | 'reads',
    readonly ExpectedTable[]
  >
>

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
  const ps = [0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999]
  return {
    ranking: perScenario(
      run,
      'ranking',
      ['Rank, backend', 'p50', 'vs fastest', 'ratio, log scale', 'p99', 'p99.9', 'n', 'Errors'],
      (id) => {
        const rows = rankings.find(({ scenario }) => scenario.id === id)?.rows ?? []
        const first = rows.find(({ rank }) => rank !== null)
        return rows.map((row) => ({ head: `${row.rank ?? '–'} ${row.backend.title}`, cells: rankingRow(row, first) }))
      },
    ),
    matrix: wholeRun(
      'all',
      ['Scenario', ...databases.map(({ title }) => shortOf(title)), ...nulls.map(() => 'harness alone')],
      run.scenarios.map(({ id, title }) => ({
        head: title,
        cells: [
          ...databases.map((backend): ExpectedCell => {
            const row = rankings
              .find((one) => one.scenario.id === id)
              ?.rows.find((one) => one.backend.id === backend.id)
            if (row === undefined) return []
            const { valueNs } = row.cell.estimates.p50
            return row.rank === null || row.rank === 1 ? [valueNs] : [valueNs, row.ratio.value]
          }),
          ...nulls.map((backend): Expected => [cellOf(backend.id, id)?.estimates.p50.valueNs ?? null]),
        ],
      })),
    ),
    page: perScenario(run, 'page', ['Backend', '1', '5', '10', '21', '50', 'fit in 100 ms'], (scenario) =>
      databases
        .flatMap(({ id, title }) => {
          const mean = meanOf(id, scenario)
          return mean === undefined ? [] : [{ title, mean }]
        })
        .toSorted((a, b) => a.mean.valueNs - b.mean.valueNs)
        .map(({ title, mean }) => ({
          head: title,
          cells: [
            ends(mean),
            ...[5, 10, 21, 50].map((n): Expected => [n * mean.valueNs]),
            [Math.floor(100e6 / mean.valueNs)],
          ],
        })),
    ),
    contrast: wholeRun(
      'page',
      [
        'Backend',
        `predicted: 21 × ${run.scenarios.find(({ id }) => id === 'point-read')?.title}`,
        `measured: ${run.scenarios.find(({ id }) => id === 'n-plus-one')?.title}`,
        'of the prediction',
      ],
      databases.flatMap(({ id, title }): ExpectedRow[] => {
        const [one, whole] = [meanOf(id, 'point-read'), meanOf(id, 'n-plus-one')]
        return one === undefined || whole === undefined
          ? []
          : [{ head: title, cells: [ends(times(21, one)), ends(whole), [whole.valueNs / (21 * one.valueNs)]] }]
      }),
    ),
    percentiles: perScenario(
      run,
      'tail',
      ['Backend', ...ps.map((p) => `p${Number((100 * p).toFixed(2))}`), 'largest', 'peaks near'],
      (scenario) =>
        databases.flatMap(({ id, title }): ExpectedRow[] => {
          const estimates = cellOf(id, scenario)?.estimates
          if (estimates === undefined) return []
          const found = ps.map((p): ExpectedCell => {
            const ns = quantile(estimates.quantiles, p)
            return ns === null ? 'too few' : [ns]
          })
          // Peaks: reports/charts/peaks.test.ts.
          return [{ head: title, cells: [...found, [estimates.maxNs], null] }]
        }),
    ),
    ...expectedDistance(run),
    loads: perScenario(
      run,
      'load',
      [
        'Backend, load',
        'offered',
        'achieved',
        'unissued',
        'service p50 / p99',
        'response p50 / p99',
        'late p50 / p99',
        'errors',
      ],
      (scenario) =>
        loads
          .filter((curve) => curve.scenario === scenario)
          .flatMap(({ backend, points }) =>
            points.map((point) => ({ head: `${titleIn(run, backend)} ${loadWords(point)}`, cells: loadCells(point) })),
          ),
    ),
    ...expectedLag(run),
  }
}

/** As columns have room for. */
function shortOf(title: string): string {
  const bare = title.replace(/ \([^)]*\)$/, '')
  return bare.length <= 24 ? bare : `${bare.slice(0, 23).trimEnd()}…`
}

const loadWords = ({ share, contended, cell }: LoadPoint): string =>
  [
    `${Math.round(share! * 100)} %`,
    ...(cell.estimates.response!.saturated ? ['saturated'] : []),
    ...(contended ? ['contended'] : []),
  ].join(', ')

function loadCells({ cell: { estimates } }: LoadPoint): ExpectedCell[] {
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
}

function rankingRow({ rank, ratio, cell: { estimates } }: RankedRow, reference: RankedRow | undefined): ExpectedCell[] {
  const isReference = reference !== undefined && reference.cell.estimates === estimates
  return [
    ends(estimates.p50),
    rank === null ? [] : isReference || ratio.low === null ? [ratio.value] : [ratio.value, ratio.low, ratio.high],
    [],
    ...[0.99, 0.999].map((p): ExpectedCell => {
      const ns = quantile(estimates.quantiles, p)
      return ns === null ? 'too few' : [ns]
    }),
    [estimates.operations, estimates.rounds],
    [estimates.errors],
  ]
}
