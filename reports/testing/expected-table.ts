import type { Run } from '../../bench/contract/index.ts'

/** Figures of one cell of a table in their order; null where none can be said. */
export type Expected = readonly (number | null)[]

/** Its figures, or all of its words; null where another test judges it. */
export type ExpectedCell = Expected | string | null

export interface ExpectedRow {
  /** With what its first cell begins. */
  readonly head: string
  readonly cells: readonly ExpectedCell[]
}

export interface ExpectedTable {
  readonly section: string
  /** Place of the scenario that alone it is about. */
  readonly scenario: number | null
  readonly caption?: string
  readonly heads: readonly (Expected | string)[]
  readonly rows: readonly ExpectedRow[]
}

/** One table for each scenario that has rows. */
export const perScenario = (
  run: Run,
  section: string,
  heads: ExpectedTable['heads'],
  rowsOf: (scenario: string) => readonly ExpectedRow[],
): ExpectedTable[] =>
  run.scenarios
    .map(({ id }, scenario) => ({ section, scenario, heads, rows: rowsOf(id) }))
    .filter(({ rows }) => rows.length > 0)

export const wholeRun = (
  section: string,
  heads: ExpectedTable['heads'],
  rows: readonly ExpectedRow[],
): ExpectedTable[] => (rows.length === 0 ? [] : [{ section, scenario: null, heads, rows }])

export const titleIn = (run: Run, backend: string): string => run.backends.find(({ id }) => id === backend)!.title

export const quantile = (
  among: readonly { readonly p: number; readonly ns: number | null }[],
  wanted: number,
): number | null => among.find(({ p }) => p === wanted)?.ns ?? null
