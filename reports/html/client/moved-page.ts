/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { ORIGIN_WORDS, isFitted, meansAt } from '../../charts/at-distance.ts'
import type { ChartData } from '../../charts/data.ts'
import { PAGE_COUNTS, fitting } from '../../charts/page-budget.ts'
import { count, duration, durationInterval } from '../../format.ts'
import { element } from './bodies.ts'

/** What pages of a scenario cost at a distance. */
export function movePage(data: ChartData, scenario: number, rttNs: number, body: HTMLTableSectionElement): void {
  for (const { backend, meanNs, lowNs, highNs, origin } of meansAt(data, scenario, rttNs)) {
    const row = body.querySelector<HTMLTableRowElement>(`tr[data-backend="${backend}"]`)
    if (row === null) continue
    body.append(row)
    const cells = [...row.querySelectorAll('td')]
    row.classList.toggle('fitted', isFitted(origin))
    if (!isFitted(origin)) {
      cells[0]?.append(element('span', 'aside', ORIGIN_WORDS[origin]))
      continue
    }
    for (const [index, n] of PAGE_COUNTS.entries()) cells[index]!.textContent = duration(n * meanNs)
    cells[0]!.append(
      element('span', 'aside', durationInterval(lowNs, highNs)),
      element('span', 'aside', ORIGIN_WORDS[origin]),
    )
    cells[PAGE_COUNTS.length]!.textContent = count(fitting(meanNs))
  }
}
