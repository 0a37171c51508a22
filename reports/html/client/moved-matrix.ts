/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { isFitted, isMovable, standings } from '../../charts/at-distance.ts'
import { bin } from '../../charts/bins.ts'
import type { ChartData } from '../../charts/data.ts'
import { duration, ratio } from '../../format.ts'

/** A row of the matrix is a scenario; rows without a law stay. */
export function moveMatrix(data: ChartData, rttNs: number, body: HTMLTableSectionElement): void {
  for (const [scenario, row] of [...body.rows].entries()) {
    if (!isMovable(data, scenario)) continue
    for (const { backend, ns, origin, rank, ratio: times } of standings(data, scenario, rttNs)) {
      const cell = row.querySelector(`td[data-backend="${backend}"]`)
      const median = cell?.querySelector('b')
      if (!cell || !median) continue
      median.textContent = duration(ns)
      cell.classList.toggle('fitted', isFitted(origin))
      if (rank === null || times === null) continue
      const standing = rank === 1 ? 0 : bin(times.value)
      for (const kind of [...cell.classList].filter((one) => /^q\d$/.test(one))) cell.classList.remove(kind)
      cell.classList.add(`q${standing}`)
      cell.querySelector(':scope > span')!.textContent = rank === 1 ? '★ fastest' : ratio(times.value)
    }
  }
}
