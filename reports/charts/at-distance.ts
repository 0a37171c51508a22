import type { ChartData, LadderRow } from './data.ts'
import type { LawLine, Median } from './distance-data.ts'
import type { MeanRow } from './page-data.ts'

/**
 * Where a figure comes from. `constant`: measured, and no distance changes it, because the database is in the process.
 * `fitted`: by the law, within what was measured. `beyond`: by the law, where nothing was measured. `measured`: without a law,
 * so it stays where it is.
 */
export type Origin = 'measured' | 'constant' | 'fitted' | 'beyond'

export const isFitted = (origin: Origin | undefined): boolean => origin === 'fitted' || origin === 'beyond'

/** What stands beside a figure that was not measured where it is shown. */
export const ORIGIN_WORDS: Readonly<Record<Origin, string>> = {
  measured: 'not moved',
  constant: 'in process',
  fitted: 'fitted',
  beyond: 'extrapolated',
}

/** One backend in a scenario at a distance. */
export interface Standing {
  readonly backend: number
  readonly ns: number
  /** Of a fitted figure, the interval that follows from that of k. */
  readonly lowNs: number | null
  readonly highNs: number | null
  readonly origin: Origin
  /** Null: not ranked among the others, here or anywhere. */
  readonly rank: number | null
  /** Times the fastest that is ranked, with the widest interval that both of theirs allow. Null without a rank. */
  readonly ratio: { readonly value: number; readonly low: number | null; readonly high: number | null } | null
}

/** The ranking of a scenario with every database that has a law moved away; fastest first. Empty where nothing was ranked. */
export function standings(data: ChartData, scenario: number, rttNs: number): Standing[] {
  const ordered = (data.distance?.medians[scenario] ?? [])
    .map((median) => moved(median, lawOf(data, scenario, median.backend), rttNs))
    .toSorted((a, b) => a.ns - b.ns)
  const ranked = ordered.filter(({ isRanked }) => isRanked)
  const [best] = ranked
  const ranks = shareRanks(ranked)
  return ordered.map((one) => {
    const { backend, ns, lowNs, highNs, origin } = one
    const rank = ranks.get(one) ?? null
    return {
      backend,
      ns,
      lowNs,
      highNs,
      origin,
      rank,
      ratio: rank === null || best === undefined ? null : ratioOf(one, best),
    }
  })
}

/** Whether some backend of a scenario follows the distance. */
export function isMovable(data: ChartData, scenario: number): boolean {
  return data.distance?.laws[scenario]?.some(({ points }) => points.length > 0) === true
}

/** The rows of the ladder at a distance: of a fitted backend its p50 and interval, for the law says nothing of the rest. */
export function ladderAt(data: ChartData, scenario: number, rttNs: number): readonly LadderRow[] {
  const measured = data.ladder[scenario] ?? []
  if (rttNs === 0 || !isMovable(data, scenario)) return measured
  const found = new Map(standings(data, scenario, rttNs).map((one) => [one.backend, one]))
  return measured
    .map((row): LadderRow => {
      const standing = found.get(row.backend)
      if (standing === undefined || !isFitted(standing.origin))
        return { ...row, origin: standing?.origin ?? 'measured' }
      const { backend, ns: p50Ns, lowNs, highNs, origin } = standing
      const last = highNs === null ? null : { p: 0.5, ns: highNs }
      return { backend, p50Ns, p5Ns: lowNs, p25Ns: null, p75Ns: null, p99Ns: null, last, origin }
    })
    .toSorted((a, b) => a.p50Ns - b.p50Ns)
}

export interface MovedMean extends MeanRow {
  readonly origin: Origin
}

/** Means at a distance. What the mean exceeds the median by was measured here and is kept: the law is one of medians. */
export function meansAt(data: ChartData, scenario: number, rttNs: number): MovedMean[] {
  const means = data.means[scenario] ?? []
  if (rttNs === 0 || !isMovable(data, scenario)) return means.map((row) => ({ ...row, origin: 'measured' }))
  const found = new Map(standings(data, scenario, rttNs).map((one) => [one.backend, one]))
  const here = new Map((data.distance?.medians[scenario] ?? []).map((median) => [median.backend, median.ns]))
  return means
    .map((row): MovedMean => {
      const standing = found.get(row.backend)
      const medianNs = here.get(row.backend)
      if (standing === undefined || medianNs === undefined) return { ...row, origin: 'measured' }
      const { ns, lowNs, highNs, origin } = standing
      if (!isFitted(origin)) return { ...row, origin }
      const aboveNs = row.meanNs - medianNs
      const meanNs = ns + aboveNs
      if (!(meanNs > 0)) return { ...row, origin: 'measured' }
      return {
        backend: row.backend,
        meanNs,
        lowNs: lowNs === null || !(lowNs + aboveNs > 0) ? null : lowNs + aboveNs,
        highNs: highNs === null ? null : highNs + aboveNs,
        origin,
      }
    })
    .toSorted((a, b) => a.meanNs - b.meanNs)
}

function lawOf(data: ChartData, scenario: number, backend: number): LawLine | null {
  return data.distance?.laws[scenario]?.find((law) => law.backend === backend) ?? null
}

/** Farthest round trip that a law rests on. */
export const farthestNs = (law: LawLine): number => law.points.at(-1)?.rttNs ?? Infinity

type Moved = Median & { readonly origin: Origin }

function moved(median: Median, law: LawLine | null, rttNs: number): Moved {
  if (law === null) return { ...median, origin: 'measured' }
  if (law.points.length === 0) return { ...median, origin: 'constant' }
  const ns = law.baseNs + law.k * rttNs
  // A line that is steep and noisy may pass below zero near the origin, where it says nothing.
  if (!(ns > 0)) return { ...median, origin: 'measured' }
  const at = (k: number | null): number | null => (k === null ? null : law.baseNs + k * rttNs)
  const [low, highNs] = [at(law.lowK), at(law.highK)]
  const lowNs = low !== null && low > 0 ? low : null
  return {
    backend: median.backend,
    isRanked: median.isRanked,
    ns,
    lowNs,
    highNs,
    // How sure the slope is says little of a near distance; there the fit itself is off by more.
    leastNs: Math.min(lowNs ?? ns, ns * (1 - Math.min(1, law.fitError))),
    mostNs: Math.max(highNs ?? ns, ns * (1 + law.fitError)),
    origin: rttNs > farthestNs(law) ? 'beyond' : 'fitted',
  }
}

/** As the analysis does it: a backend shares the rank of the one before when it reaches down to that rank's first. */
function shareRanks(ordered: readonly Moved[]): Map<Moved, number> {
  const ranks = new Map<Moved, number>()
  let leader: Moved | null = null
  let rank = 0
  for (const [place, one] of ordered.entries()) {
    if (leader === null || one.leastNs > leader.mostNs) {
      leader = one
      rank = place + 1
    }
    ranks.set(one, rank)
  }
  return ranks
}

function ratioOf(one: Moved, best: Moved): NonNullable<Standing['ratio']> {
  if (one === best) return { value: 1, low: 1, high: 1 }
  const bounds = [one.lowNs, one.highNs, best.lowNs, best.highNs]
  if (bounds.some((ns) => ns === null || !(ns > 0))) return { value: one.ns / best.ns, low: null, high: null }
  return { value: one.ns / best.ns, low: one.lowNs! / best.highNs!, high: one.highNs! / best.lowNs! }
}
