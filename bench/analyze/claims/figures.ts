import type { BackendFacts, ClaimFinding, ClaimMeasure, ClaimReason, MeasuredCell, Run } from '../../contract/index.ts'
import { pairedRatio } from '../compare.ts'
import type { Interval } from '../intervals.ts'
import { hodgesLehmann, hodgesLehmannLog } from '../intervals.ts'

/** With fewer markers the median itself is too uncertain, and its bracket does not say so. */
const MARKERS_NEEDED = 100

/** A figure in the unit of its measure, or why there is none. */
export type Figure =
  | ({ readonly reason: null; readonly emulated: boolean } & Pick<
      ClaimFinding,
      'value' | 'low' | 'high' | 'basis' | 'count'
    >)
  | { readonly reason: ClaimReason }

type Single = Extract<ClaimMeasure, { kind: 'p50' | 'throughput' | 'round-trips' | 'lag' }>
type Paired = Exclude<ClaimMeasure, Single>

export function figureOf(run: Run, measure: Single, backend: BackendFacts): Figure {
  switch (measure.kind) {
    case 'p50':
      return withCells(run, measure.scenario, [backend.id], ([cell]) => {
        const { valueNs: value, lowNs: low, highNs: high } = cell!.estimates.p50
        return { value, low, high, count: cell!.rounds.length }
      })
    case 'throughput':
      return withCells(run, measure.scenario, [backend.id], ([cell]) => throughput(cell!), anyCallers)
    case 'round-trips':
      return roundTrips(run, measure, backend.id)
    case 'lag':
      return lag(run, measure, backend.id)
  }
}

export function pairFigureOf(run: Run, measure: Paired, of: BackendFacts, to: BackendFacts): Figure {
  const both = [of.id, to.id]
  if (measure.kind === 'break-even') return breakEven(run, measure, both)
  return withCells(run, measure.scenario, both, ([one, other]) => {
    if (measure.kind === 'ratio') return { ...pairedRatio(one!, other!), count: one!.rounds.length }
    const differences = inPairs(one!, other!).map(([a, b]) => a - b)
    return differences.length === 0 ? null : { ...named(hodgesLehmann(differences)), count: differences.length }
  })
}

/** Measured cells of one scenario on several backends, and what is made of them; null: nothing pairs them. */
function withCells(
  run: Run,
  scenario: string,
  backends: readonly string[],
  make: (
    cells: readonly MeasuredCell[],
  ) => Omit<Extract<Figure, { reason: null }>, 'reason' | 'emulated' | 'basis'> | null,
  load = oneCaller,
): Figure {
  const cells = backends.map((backend) => cellOf(run, backend, scenario, load))
  const lacking = backends.filter((_, n) => cells[n] === null)
  if (lacking.length > 0) return { reason: { kind: 'not-measured', scenario, backends: lacking } }
  const made = make(cells.flatMap((cell) => cell ?? []))
  if (made === null) return { reason: { kind: 'not-paired', backends } }
  return { reason: null, emulated: false, basis: 'rounds', ...made }
}

const oneCaller = ({ load }: MeasuredCell): boolean => load.kind === 'closed' && load.callers === 1
const anyCallers = ({ load }: MeasuredCell): boolean => load.kind === 'closed'

function cellOf(
  run: Run,
  backend: string,
  scenario: string,
  fits: (cell: MeasuredCell) => boolean,
): MeasuredCell | null {
  const found = run.cells
    .filter((cell) => cell.outcome === 'measured')
    .find((cell) => cell.backend === backend && cell.scenario === scenario && fits(cell))
  return found ?? null
}

/** From the rounds, as every interval of this project. */
function throughput({ rounds }: MeasuredCell): Pick<ClaimFinding, 'value' | 'low' | 'high' | 'count'> {
  const rates = rounds.map(({ operations, measuredNs }) => (operations / measuredNs) * 1e9)
  return { ...named(hodgesLehmannLog(rates)), count: rates.length }
}

function roundTrips(run: Run, measure: Extract<Single, { kind: 'round-trips' }>, backend: string): Figure {
  const law = run.distance?.laws.find((one) => one.backend === backend && one.scenario === measure.scenario)
  const cell = cellOf(run, backend, measure.scenario, oneCaller)
  if (law === undefined && cell === null)
    return { reason: { kind: 'not-measured', scenario: measure.scenario, backends: [backend] } }
  if (law === undefined || law.outcome === 'none') return { reason: { kind: 'not-moved', backends: [backend] } }
  if (law.outcome === 'constant')
    return { reason: null, value: 0, low: 0, high: 0, basis: 'construction', count: 0, emulated: false }
  if (measure.emulated !== true) return { reason: { kind: 'emulated', backends: [backend] } }
  return { reason: null, ...law.roundTrips, basis: 'rounds', count: cell?.rounds.length ?? 0, emulated: true }
}

function lag(run: Run, { from }: Extract<Single, { kind: 'lag' }>, backend: string): Figure {
  const cell = run.lag.find((one) => one.backend === backend)
  if (cell?.outcome !== 'measured') return { reason: { kind: 'no-lag', backends: [backend] } }
  if (cell.markers < MARKERS_NEEDED)
    return { reason: { kind: 'few-markers', markers: cell.markers, needed: MARKERS_NEEDED } }
  const estimates = { acknowledgement: cell.ackToVisible, sending: cell.sendToVisible, commit: cell.commitToVisible }
  const { p50 } = estimates[from]
  if (p50 === null) return { reason: { kind: 'lag-not-in-time', backends: [backend] } }
  const { pointNs: value, lowerNs: low, upperNs: high } = p50
  return { reason: null, value, low, high, basis: 'bracket', count: cell.markers, emulated: false }
}

/**
 * r reads and a write take r x read + write. The faster reader is even with the other from
 * r = (its write - the other's) / (the other's read - its own), and from the first read on where its write is no slower.
 */
function breakEven(run: Run, measure: Extract<Paired, { kind: 'break-even' }>, backends: readonly string[]): Figure {
  const all = [measure.read, measure.write].map((scenario) => ({
    scenario,
    cells: backends.map((backend) => cellOf(run, backend, scenario, oneCaller)),
  }))
  const lacking = all.find(({ cells }) => cells.includes(null))
  if (lacking !== undefined) {
    const those = backends.filter((_, n) => lacking.cells[n] === null)
    return { reason: { kind: 'not-measured', scenario: lacking.scenario, backends: those } }
  }
  const [read, otherRead, write, otherWrite] = all.flatMap(({ cells }) => cells.flatMap((cell) => cell ?? []))
  if (durabilityOf(write!) !== durabilityOf(otherWrite!)) return { reason: { kind: 'durability', backends } }
  const otherReads = medians(otherRead!)
  const writes = new Map(inPairs(write!, otherWrite!).map(([own, other, repetition]) => [repetition, own - other]))
  const spared = inPairs(read!, otherRead!).map(([own, other, repetition]) => ({ ns: other - own, repetition }))
  if (otherReads.size === 0 || spared.some(({ ns }) => ns <= 0))
    return { reason: { kind: 'reads-not-faster', backends } }
  const ratios = spared.flatMap(({ ns, repetition }) => {
    const lost = writes.get(repetition)
    return lost === undefined ? [] : [Math.max(0, lost / ns)]
  })
  if (ratios.length === 0) return { reason: { kind: 'not-paired', backends } }
  return { reason: null, emulated: false, basis: 'rounds', ...named(hodgesLehmann(ratios)), count: ratios.length }
}

const durabilityOf = ({ rounds }: MeasuredCell): string =>
  [...new Set(rounds.map(({ durability }) => durability ?? 'undeclared'))].toSorted().join()

const medians = ({ rounds }: MeasuredCell): Map<number, number> =>
  new Map(rounds.map(({ repetition, p50Ns }) => [repetition, p50Ns]))

/** Medians of rounds of the same repetition: what disturbed both sides is in both. */
function inPairs(one: MeasuredCell, other: MeasuredCell): [oneNs: number, otherNs: number, repetition: number][] {
  const others = medians(other)
  return one.rounds.flatMap(({ repetition, p50Ns }) => {
    const found = others.get(repetition)
    return found === undefined ? [] : [[p50Ns, found, repetition]]
  })
}

const named = ({ estimate, low, high }: Interval): Pick<ClaimFinding, 'value' | 'low' | 'high'> => ({
  value: estimate,
  low,
  high,
})
