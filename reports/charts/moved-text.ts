import { duration, list } from '../format.ts'
import { farthestNs, isMovable, standings } from './at-distance.ts'
import type { ChartData } from './data.ts'

const STAY = 'Ranking, matrix and page cost follow; all else stays as measured.'

/** What a reader must know of figures that were moved away. @param scenario null: all of them together */
export function movedText(
  data: ChartData,
  scenario: number | null,
  hidden: ReadonlySet<number>,
  rttNs: number,
): string {
  const law = `Each database with a law stands ${duration(rttNs)} of round trip away. Figures in italics are fitted and not measured: a + k × RTT, with the interval of k.`
  if (scenario === null) return `${law} Rows and backends without a law keep what was measured. ${STAY}`
  if (!isMovable(data, scenario)) return 'No backend has a law in this scenario, so its figures stay as measured.'
  const shown = standings(data, scenario, rttNs).filter(({ backend }) => !hidden.has(backend))
  const named = (origin: string): string[] =>
    shown.filter((one) => one.origin === origin).map(({ backend }) => data.backends[backend]!.name)
  const [constant, still, beyond] = [named('constant'), named('measured'), named('beyond')]
  const laws = data.distance?.laws[scenario] ?? []
  const farthest = Math.max(...laws.filter(({ points }) => points.length > 0).map(farthestNs))
  return [
    law,
    'Ranks are shared where figures lie closer than their interval or the error of the fit.',
    ...(beyond.length === 0 ? [] : [`Measured up to ${duration(farthest)}: beyond that the line is extrapolated.`]),
    ...(constant.length === 0 ? [] : [`In the process there is nothing to travel to: ${list(constant, 4)}.`]),
    ...(still.length === 0 ? [] : [`Without a law, so not moved: ${list(still, 4)}.`]),
    STAY,
  ].join(' ')
}
