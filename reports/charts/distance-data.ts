import type { Law, RankedRow, Ranking } from '../../bench/contract/index.ts'
import { namedDistances } from '../../bench/contract/index.ts'
import type { View } from '../view.ts'
import { placeOf } from '../view.ts'
import { finest } from './finest.ts'

/** What the page needs to move databases away from their application. Backends are named by their place. */
export interface DistanceData {
  /** Distances with a name, by rising distance. */
  readonly places: readonly { readonly name: string; readonly rttNs: number }[]
  /** Measured medians as they were ranked, a list a scenario, fastest first. */
  readonly medians: readonly (readonly Median[])[]
  /** A list a scenario. A backend without a law is not in it. */
  readonly laws: readonly (readonly LawLine[])[]
  readonly crossings: readonly {
    readonly scenario: number
    readonly fasterNear: number
    readonly fasterFar: number
    readonly rttNs: number
  }[]
}

export interface Median {
  readonly backend: number
  readonly ns: number
  readonly lowNs: number | null
  readonly highNs: number | null
  /** What it shares a rank by: its interval, or the range of its rounds where they are too few for one. */
  readonly leastNs: number
  readonly mostNs: number
  /** Whether it has a rank among the others. */
  readonly isRanked: boolean
}

/** Latency = baseNs + k x RTT. In process k is 0 and there are no points. */
export interface LawLine {
  readonly backend: number
  readonly k: number
  readonly lowK: number | null
  readonly highK: number | null
  readonly baseNs: number
  /** The largest part by which a measured distance lies beside the line. */
  readonly fitError: number
  /** Measured, by rising distance. */
  readonly points: readonly { readonly rttNs: number; readonly p50Ns: number }[]
}

export function distanceData(view: View): DistanceData | null {
  const study = view.run.distance
  if (study === null) return null
  return {
    places: Object.entries(namedDistances)
      .map(([name, { rttMs }]) => ({ name, rttNs: rttMs * 1e6 }))
      .filter(({ rttNs }) => rttNs > 0),
    medians: view.scenarios.map(({ id }) => medians(view, view.ranking(id))),
    laws: view.scenarios.map(({ id }) =>
      study.laws.filter((law) => law.scenario === id).flatMap((law) => lineOf(view, law)),
    ),
    crossings: study.crossings
      .map(({ scenario, fasterNear, fasterFar, rttNs }) => ({
        scenario: view.scenarios.findIndex(({ id }) => id === scenario),
        fasterNear: placeOf(view, fasterNear),
        fasterFar: placeOf(view, fasterFar),
        rttNs: finest(rttNs),
      }))
      .filter(({ scenario, fasterNear, fasterFar }) => Math.min(scenario, fasterNear, fasterFar) >= 0),
  }
}

function medians(view: View, ranking: Ranking | null): Median[] {
  return (ranking?.rows ?? []).map((row: RankedRow) => {
    const { valueNs, lowNs, highNs } = row.cell.estimates.p50
    const rounds = row.cell.rounds.map(({ p50Ns }) => p50Ns)
    return {
      backend: placeOf(view, row.backend.id),
      ns: finest(valueNs),
      lowNs: finest(lowNs),
      highNs: finest(highNs),
      leastNs: finest(lowNs ?? Math.min(valueNs, ...rounds)),
      mostNs: finest(highNs ?? Math.max(valueNs, ...rounds)),
      isRanked: row.rank !== null && !view.suppressed,
    }
  })
}

function lineOf(view: View, law: Law): LawLine[] {
  const backend = placeOf(view, law.backend)
  if (backend === -1 || law.outcome === 'none') return []
  const baseNs = finest(law.baseNs)
  if (law.outcome === 'constant') return [{ backend, k: 0, lowK: 0, highK: 0, baseNs, fitError: 0, points: [] }]
  const { value, low, high } = law.roundTrips
  return [
    {
      backend,
      k: finest(value),
      lowK: finest(low),
      highK: finest(high),
      baseNs,
      fitError: finest(law.fitError),
      points: law.points.map(({ rttNs, p50Ns }) => ({ rttNs: finest(rttNs), p50Ns: finest(p50Ns) })),
    },
  ]
}
