/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Standing } from '../../charts/at-distance.ts'
import { ORIGIN_WORDS, isFitted, standings } from '../../charts/at-distance.ts'
import type { ChartData } from '../../charts/data.ts'
import { MISSING, duration, durationInterval, ratio, ratioInterval } from '../../format.ts'
import { commonRange } from '../interval-shape.ts'
import { element } from './bodies.ts'
import { redraw } from './redraw.ts'

/** Ranks the rows of a scenario anew. What the law does not tell of, such as the tail, is taken away from fitted rows. */
export function moveRanking(data: ChartData, scenario: number, rttNs: number, body: HTMLTableSectionElement): void {
  const all = standings(data, scenario, rttNs)
  const range = commonRange(all.flatMap((one) => (one.ratio === null ? [] : [one.ratio])))
  const best = all.find(({ rank }) => rank !== null)
  const measuredBest = data.distance?.medians[scenario]?.find(({ isRanked }) => isRanked)?.backend
  const keepsRatios = best?.backend === measuredBest && !isFitted(best?.origin)
  for (const one of all) {
    const row = body.querySelector<HTMLTableRowElement>(`tr[data-backend="${one.backend}"]`)
    if (row === null) continue
    body.append(row)
    const [median, times, figure, ...rest] = [...row.querySelectorAll('td')]
    if (median === undefined || times === undefined || figure === undefined) continue
    row.classList.toggle('fitted', isFitted(one.origin))
    if (isFitted(one.origin)) {
      moveName(row, rttNs)
      median.replaceChildren(
        element('b', 'main', duration(one.ns)),
        element('span', 'aside', durationInterval(one.lowNs, one.highNs)),
        element('span', 'aside', ORIGIN_WORDS[one.origin]),
      )
      for (const cell of rest) cell.replaceChildren(element('span', 'aside', MISSING))
    } else median.append(element('span', 'aside', ORIGIN_WORDS[one.origin]))
    if (one.rank === null || one.ratio === null) continue
    row.querySelector('.place')!.textContent = String(one.rank)
    redraw(figure, one.ratio, range)
    if (keepsRatios && !isFitted(one.origin)) continue
    times.replaceChildren(...ratioWords(one, one === best))
  }
}

/** Where it stood is not where it is now; the durability class stays. */
function moveName(row: HTMLTableRowElement, rttNs: number): void {
  const below = row.querySelector('.name .below')
  if (below === null) return
  const kept = below.textContent.split(' · ').filter((part) => part.trim().startsWith('commits '))
  below.textContent = [`moved ${duration(rttNs)} away`, ...kept].join(' · ')
}

function ratioWords({ ratio: times }: Standing, isReference: boolean): HTMLElement[] {
  return isReference
    ? [element('b', '', '1×'), element('span', 'aside', 'reference')]
    : [element('b', '', ratio(times!.value)), element('span', 'aside', ratioInterval(times!.low, times!.high))]
}
