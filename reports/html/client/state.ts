/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { ChartData } from '../../charts/data.ts'

/** What the page shows; it lives in the address, so that a link restores it. */
export interface State {
  scenario: number
  hidden: Set<number>
  /** Where the reader came in. */
  section: string
}

export function readState(data: ChartData): State {
  const words = new URLSearchParams(location.hash.slice(1))
  const scenario = data.scenarios.findIndex(({ id }) => id === words.get('scenario'))
  const hidden = new Set(words.getAll('hide').map((id) => data.backends.findIndex((backend) => backend.id === id)))
  hidden.delete(-1)
  const [anchor = ''] = [...words.keys()]
  return {
    scenario: scenario === -1 ? data.first : scenario,
    hidden,
    section: words.get('at') ?? (words.size === 1 && words.get(anchor) === '' ? anchor : ''),
  }
}

export function writeState(data: ChartData, { scenario, hidden, section }: State): void {
  const words = new URLSearchParams()
  if (scenario !== data.first) words.set('scenario', data.scenarios[scenario]!.id)
  for (const place of hidden) words.append('hide', data.backends[place]!.id)
  const text =
    words.size === 0 ? section : `${words}${section === '' ? '' : `&${new URLSearchParams({ at: section })}`}`
  try {
    history.replaceState(null, '', `#${text}`)
  } catch {
    // A sandboxed frame may not write its address.
  }
}
