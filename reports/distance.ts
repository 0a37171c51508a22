import type { DistanceStudy, Law, LawPoint } from '../bench/contract/index.ts'
import { EMULATOR_NAMES, untruthList } from './caveats.ts'
import { about, duration, durationInterval, list, number, numberInterval, percent } from './format.ts'
import { missingText } from './missing.ts'
import type { View } from './view.ts'

/** A law in words, the same in every report. */
export interface LawWords {
  readonly law: Law
  readonly roundTrips: string
  readonly interval: string
  readonly base: string
  readonly fitError: string
  readonly leftOutError: string
}

/** Laws by scenario, in the run's order, scenarios without one left out. */
export function lawsByScenario(view: View, { laws }: DistanceStudy): { scenario: string; rows: LawWords[] }[] {
  return view.scenarios.flatMap(({ id, title }) => {
    const rows = laws.filter((law) => law.scenario === id).map(words)
    return rows.length === 0 ? [] : [{ scenario: title, rows }]
  })
}

function words(law: Law): LawWords {
  switch (law.outcome) {
    case 'fitted': {
      const { value, low, high } = law.roundTrips
      return {
        law,
        roundTrips: number(value),
        interval: numberInterval(low, high),
        base: duration(law.baseNs),
        fitError: percent(law.fitError),
        leftOutError: law.leftOutError === null ? 'too few' : percent(law.leftOutError),
      }
    }
    case 'constant':
      return { ...EMPTY, law, roundTrips: '0', interval: 'in process', base: duration(law.baseNs) }
    case 'none':
      return { ...EMPTY, law, interval: law.reason === 'given' ? 'not moved' : 'too few distances' }
  }
}

const EMPTY = { roundTrips: '', base: '', fitError: '', leftOutError: '' }

export const LAW_HEADS = ['Backend', 'k', '95 % interval', 'a', 'fit off by', 'left out, off by'] as const

export const LAW_ABOUT =
  'Latency = a + k × RTT. k: by how many round trips latency grows for each round trip of distance; the protocol’s own count is whole, and k lies above it by what a far round trip costs both ends besides. a: what is left without any distance, also without the way between client and server here; the nearest distance mostly decides it, and it has no interval. In process k is 0 by construction. The last column is how wrong a distance is predicted from the others.'

export const POINTS_ABOUT =
  'p50 that was measured at each distance, with its 95 % interval; between the ends also what the line through the other distances predicts there.'

/** A fitted law with what was measured at each of the study's distances; null where nothing was. */
export interface PointsRow {
  readonly backend: string
  readonly points: readonly (PointWords | null)[]
}

export interface PointWords {
  readonly p50: string
  readonly interval: string
  /** Empty at the ends, beyond which it would be extrapolation. */
  readonly predicted: string
}

export function pointsOf(rows: readonly LawWords[], rttsNs: readonly number[]): PointsRow[] {
  return rows.flatMap(({ law }) => {
    if (law.outcome !== 'fitted') return []
    const points = rttsNs.map((ns) => law.points.find(({ requestedRttNs }) => requestedRttNs === ns))
    return { backend: law.backend, points: points.map((point) => (point === undefined ? null : pointWords(point))) }
  })
}

const pointWords = ({ p50Ns, lowNs, highNs, predictedNs }: LawPoint): PointWords => ({
  p50: duration(p50Ns),
  interval: durationInterval(lowNs, highNs),
  predicted: predictedNs === null ? '' : `predicted ${duration(predictedNs)}`,
})

/** How the distances were made. */
export function distancesMade({ emulators, untrue }: DistanceStudy): string {
  return `The distances were emulated by ${list(emulators.map((one) => EMULATOR_NAMES[one]))}, and their round trips measured by echoes. Untrue to a real network: ${untruthList(untrue)}.`
}

export function crossingWords(view: View, { crossings }: DistanceStudy): string[] {
  const titles = new Map(view.scenarios.map(({ id, title }) => [id, title]))
  return crossings.map(
    ({ scenario, fasterNear, fasterFar, rttNs }) =>
      `${titles.get(scenario) ?? scenario}: nearer than ${about(rttNs)} of round trip ${view.title(fasterNear)} is faster, farther ${view.title(fasterFar)}.`,
  )
}

/** What of the moved backends was not measured; the same trouble is told once. */
export function notMoved(view: View): string[] {
  const missing = view.moved.filter(({ cell }) => cell.outcome !== 'measured')
  return [...new Set(missing.map(({ cell }) => `${view.title(cell.backend)}: ${missingText(cell)}`))]
}

/** Requested distances of a study, rising. */
export function studiedRttsNs({ laws }: DistanceStudy): number[] {
  const all = laws.flatMap((law) => (law.outcome === 'fitted' ? law.points : []))
  return [...new Set(all.map(({ requestedRttNs }) => requestedRttNs))].toSorted((a, b) => a - b)
}
