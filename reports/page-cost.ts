import type { Estimate } from '../bench/contract/index.ts'
import { BUDGET_NS, fitting } from './charts/page-budget.ts'
import { duration } from './format.ts'
import type { View } from './view.ts'

export const PAGE_ABOUT = `n operations in a row take n times their mean on average, whatever their distribution; so a stall is paid for in full, and one page lies beside it by chance. The interval is that of the mean over rounds. Below ${duration(BUDGET_NS)} people hardly notice that they wait.`

export interface PageRow {
  readonly backend: string
  readonly mean: Estimate
  /** How many fit in the budget. */
  readonly fits: number
}

/** Backends of a scenario by the mean of an operation, fastest first. */
export function pageRows(view: View, scenario: string): PageRow[] {
  return view.backends
    .flatMap(({ id }) => {
      const mean = view.mean(id, scenario)
      return mean === null ? [] : [{ backend: id, mean, fits: fitting(mean.valueNs) }]
    })
    .toSorted((a, b) => a.mean.valueNs - b.mean.valueNs)
}

/** A scenario that is a page by itself, and the one that it is made of. */
const PAGE = { scenario: 'n-plus-one', single: 'point-read', queries: 21 } as const

interface MeasuredPage {
  readonly backend: string
  readonly predicted: Estimate
  readonly measured: Estimate
}

export interface PageContrast {
  readonly predictedTitle: string
  readonly measuredTitle: string
  readonly rows: readonly MeasuredPage[]
}

/** The page of 21 queries as it was measured, beside 21 reads of one row; null where a run has not both. */
export function pageContrast(view: View): PageContrast | null {
  const titleOf = (id: string): string | undefined => view.scenarios.find((scenario) => scenario.id === id)?.title
  const [single, measuredTitle] = [titleOf(PAGE.single), titleOf(PAGE.scenario)]
  if (single === undefined || measuredTitle === undefined) return null
  const rows = view.backends.flatMap(({ id }): MeasuredPage[] => {
    const [one, measured] = [view.mean(id, PAGE.single), view.mean(id, PAGE.scenario)]
    return one === null || measured === null ? [] : [{ backend: id, predicted: timesMean(one, PAGE.queries), measured }]
  })
  return rows.length === 0 ? null : { predictedTitle: `${PAGE.queries} × ${single}`, measuredTitle, rows }
}

export const CONTRAST_ABOUT =
  'Predicted from single reads, and measured as a page of one list and twenty single rows: the list takes longer than one row, and whoever answers a page in one request beside the database saves the way there and back.'

const timesMean = ({ valueNs, lowNs, highNs }: Estimate, n: number): Estimate => ({
  valueNs: n * valueNs,
  lowNs: lowNs === null ? null : n * lowNs,
  highNs: highNs === null ? null : n * highNs,
})
