import type { BackendFacts, Crossing, DistanceStudy, Law, LawPoint, MeasuredCell, Run } from '../contract/index.ts'
import type { Line, Point } from './line.ts'
import { robustIntercept, slopeOf } from './line.ts'
import { median } from './quantiles.ts'

/** Lines whose slopes differ by less do not cross for certain: k is not known better. */
const SAME_SLOPE = 0.1

/** What a run that measured several distances says of them; null for any other run. Pure. */
export function studyDistance(run: Run): DistanceStudy | null {
  const moved = run.backends.filter(({ movedFrom }) => movedFrom !== null)
  if (moved.length === 0) return null
  const directs = moved.flatMap(({ distance }) => (distance === null ? [] : [distance.directRttNs]))
  const hereNs = directs.length === 0 ? 0 : median(directs)
  const bases = run.backends.filter(({ movedFrom, traits }) => movedFrom === null && !traits.includes('null'))
  const laws = run.scenarios.flatMap((scenario) =>
    bases.flatMap((base) => {
      const law = lawOf(run, base, scenario.id, hereNs)
      return law === null ? [] : [law]
    }),
  )
  return {
    laws,
    crossings: run.scenarios.flatMap((scenario) =>
      crossingsOf(
        run,
        laws.filter((law) => law.scenario === scenario.id),
      ),
    ),
    emulators: [...new Set(moved.flatMap(({ distance }) => (distance === null ? [] : [distance.emulator])))],
    untrue: [...new Set(moved.flatMap(({ distance }) => distance?.untrue ?? []))],
  }
}

/** A distance with what was measured there. */
interface Place {
  readonly backend: string
  readonly requestedRttNs: number
  /** What is typical of its rounds. */
  readonly rttNs: number
  readonly cell: MeasuredCell
}

/** @param hereNs a round trip without a distance, by the same echoes */
function lawOf(run: Run, base: BackendFacts, scenario: string, hereNs: number): Law | null {
  const cell = measuredCell(run, base.id, scenario)
  if (cell === null) return null
  const places: Place[] = run.backends
    .filter((one) => one.id === base.id || one.movedFrom === base.id)
    .flatMap(({ id, distance }) => {
      const found = measuredCell(run, id, scenario)
      if (found === null) return []
      const requestedRttNs = distance?.requestedRttNs ?? 0
      const atFirstNs = distance?.measuredRttNs ?? hereNs
      const rttNs = median(found.rounds.map((round) => round.rttNs ?? atFirstNs))
      return [{ backend: id, requestedRttNs, rttNs, cell: found }]
    })
    .toSorted((a, b) => a.rttNs - b.rttNs)
  const name = { backend: base.id, scenario }
  if (!run.backends.some(({ movedFrom }) => movedFrom === base.id)) {
    if (base.reach === 'in-process' && !base.traits.includes('replica'))
      return { ...name, outcome: 'constant', baseNs: cell.estimates.p50.valueNs }
    return { ...name, outcome: 'none', reason: 'given' }
  }
  const line = fit(places)
  if (line === null) return { ...name, outcome: 'none', reason: 'too-few' }
  const points = places.map((place, n): LawPoint => {
    const inner = n > 0 && n < places.length - 1
    const without = inner ? fit(places.filter((other) => other !== place)) : null
    const { valueNs, lowNs, highNs } = place.cell.estimates.p50
    return {
      backend: place.backend,
      requestedRttNs: place.requestedRttNs,
      rttNs: place.rttNs,
      p50Ns: valueNs,
      lowNs,
      highNs,
      fittedNs: at(line, place.rttNs),
      predictedNs: without === null ? null : at(without, place.rttNs),
    }
  })
  const leftOut = points.flatMap((point) => (point.predictedNs === null ? [] : [off(point.predictedNs, point)]))
  return {
    ...name,
    outcome: 'fitted',
    roundTrips: { value: line.slope, low: line.low, high: line.high },
    baseNs: line.intercept,
    fitError: Math.max(...points.map((point) => off(point.fittedNs, point))),
    leftOutError: leftOut.length === 0 ? null : Math.max(...leftOut),
    points,
  }
}

/** By which part a statement about a point is wrong. */
const off = (ns: number, { p50Ns }: LawPoint): number => Math.abs(ns - p50Ns) / p50Ns

interface FittedLine extends Line {
  readonly low: number | null
  readonly high: number | null
}

function fit(places: readonly Place[]): FittedLine | null {
  const repetitions = new Map<number, Point[]>()
  for (const { rttNs, cell } of places) {
    for (const { repetition, p50Ns, rttNs: ownNs } of cell.rounds)
      repetitions.set(repetition, [...(repetitions.get(repetition) ?? []), { x: ownNs ?? rttNs, y: p50Ns }])
  }
  const slope = slopeOf([...repetitions.values()])
  if (slope === null) return null
  const centres = places.map(({ rttNs, cell }) => ({ x: rttNs, y: cell.estimates.p50.valueNs }))
  const intercept = robustIntercept(centres, slope.estimate)
  return { slope: slope.estimate, intercept, low: slope.low, high: slope.high }
}

const at = ({ slope, intercept }: Line, x: number): number => intercept + slope * x

function measuredCell(run: Run, backend: string, scenario: string): MeasuredCell | null {
  const cell = run.cells.find((one) => one.backend === backend && one.scenario === scenario)
  return cell?.outcome === 'measured' ? cell : null
}

/** Where the lines of two backends meet within what was measured of both. */
function crossingsOf(run: Run, laws: readonly Law[]): Crossing[] {
  const lines = laws.flatMap((law) => {
    if (law.outcome === 'none') return []
    const [nearest, farthest] =
      law.outcome === 'constant' ? [0, Infinity] : [law.points[0]!.rttNs, law.points.at(-1)!.rttNs]
    const slope = law.outcome === 'constant' ? 0 : law.roundTrips.value
    const durability = durabilityOf(measuredCell(run, law.backend, law.scenario)!)
    return [{ ...law, slope, intercept: law.baseNs, nearest, farthest, durability }]
  })
  return lines
    .flatMap((a, n) =>
      lines.slice(n + 1).flatMap((b): Crossing[] => {
        if (a.durability !== b.durability || Math.abs(a.slope - b.slope) < SAME_SLOPE) return []
        const rttNs = (b.intercept - a.intercept) / (a.slope - b.slope)
        if (!(rttNs > Math.max(a.nearest, b.nearest) && rttNs < Math.min(a.farthest, b.farthest))) return []
        const [steep, flat] = a.slope > b.slope ? [a, b] : [b, a]
        return [{ scenario: a.scenario, fasterNear: steep.backend, fasterFar: flat.backend, rttNs }]
      }),
    )
    .toSorted((a, b) => a.rttNs - b.rttNs)
}

/** One word for the classes of all rounds; reads have none. */
const durabilityOf = (cell: MeasuredCell): string =>
  [...new Set(cell.rounds.flatMap(({ durability }) => durability ?? []))].toSorted().join()
