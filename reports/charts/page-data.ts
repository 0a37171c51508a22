import type { View } from '../view.ts'
import { placeOf } from '../view.ts'
import { finest } from './finest.ts'

/** The mean of an operation; null bounds: too few rounds for an interval. */
export interface MeanRow {
  readonly backend: number
  readonly meanNs: number
  readonly lowNs: number | null
  readonly highNs: number | null
}

export function pageMeans(view: View): MeanRow[][] {
  return view.scenarios.map((scenario) =>
    view.backends
      .flatMap(({ id }) => {
        const mean = view.mean(id, scenario.id)
        if (mean === null) return []
        const { valueNs, lowNs, highNs } = mean
        return [{ backend: placeOf(view, id), meanNs: finest(valueNs), lowNs: finest(lowNs), highNs: finest(highNs) }]
      })
      .toSorted((a, b) => a.meanNs - b.meanNs),
  )
}
