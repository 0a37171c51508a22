/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { ChartData } from '../../charts/data.ts'
import { FIRST_QUERIES, MOST_QUERIES } from '../../charts/page-budget.ts'
import { FARTHEST_MS } from '../../charts/rtt-steps.ts'

/** What the page shows; it lives in the address, so that a link restores it. */
export interface State {
  scenario: number
  hidden: Set<number>
  /** Milliseconds of round trip to a database that was moved away; 0: as measured. */
  rttMs: number
  /** Operations a page makes, one after another. */
  queries: number
  /** Where the reader came in. */
  section: string
}

export function readState(data: ChartData): State {
  const words = new URLSearchParams(location.hash.slice(1))
  const scenario = data.scenarios.findIndex(({ id }) => id === words.get('scenario'))
  const hidden = new Set(words.getAll('hide').map((id) => data.backends.findIndex((backend) => backend.id === id)))
  hidden.delete(-1)
  const [anchor = ''] = [...words.keys()]
  const rttMs = Number(words.get('rtt'))
  const queries = Number(words.get('queries'))
  const hasLaws = data.distance?.laws.some((laws) => laws.some(({ points }) => points.length > 0)) === true
  return {
    scenario: scenario === -1 ? data.first : scenario,
    hidden,
    rttMs: hasLaws && rttMs > 0 && rttMs <= FARTHEST_MS ? rttMs : 0,
    queries: Number.isInteger(queries) && queries >= 1 && queries <= MOST_QUERIES ? queries : FIRST_QUERIES,
    section: words.get('at') ?? (words.size === 1 && words.get(anchor) === '' ? anchor : ''),
  }
}

export function writeState(data: ChartData, { scenario, hidden, rttMs, queries, section }: State): void {
  const words = new URLSearchParams()
  if (scenario !== data.first) words.set('scenario', data.scenarios[scenario]!.id)
  for (const place of hidden) words.append('hide', data.backends[place]!.id)
  if (rttMs > 0) words.set('rtt', String(rttMs))
  if (queries !== FIRST_QUERIES) words.set('queries', String(queries))
  const text =
    words.size === 0 ? section : `${words}${section === '' ? '' : `&${new URLSearchParams({ at: section })}`}`
  try {
    history.replaceState(null, '', `#${text}`)
  } catch {
    // A sandboxed frame may not write its address.
  }
}
