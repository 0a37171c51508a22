import type { Cause, MeasuredCell, Round } from '../bench/contract/index.ts'
import { count, duration, list, ordinal, plural } from './format.ts'
import type { View } from './view.ts'

/** Cells of databases; the harness alone has too few operations to say anything of. */
function cellsOf(view: View): readonly MeasuredCell[] {
  return view.backends.flatMap(({ id }) => cellsOn(view, id))
}

/** Here and at every distance. */
function cellsOn(view: View, backend: string): readonly MeasuredCell[] {
  const here = view.run.cells.filter((cell) => cell.backend === backend)
  const far = view.moved.flatMap(({ base, cell }) => (base === backend ? [cell] : []))
  return [...here, ...far].filter((cell): cell is MeasuredCell => cell.outcome === 'measured')
}

/** In a scenario that mixes reads with writes the median is a read's, and its own writes would be the slow ones. */
function isMixed(view: View, { scenario }: MeasuredCell): boolean {
  return view.scenarios.some(({ id, kind }) => id === scenario && kind === 'mixed')
}

/** Slow operations of some rounds together. */
export interface SlowCounts extends Readonly<Record<Cause, number>> {
  readonly slow: number
  readonly operations: number
  readonly longestNs: number
}

function slowOf(view: View, cells: readonly MeasuredCell[]): SlowCounts {
  const judged = cells
    .filter((cell) => !isMixed(view, cell))
    .flatMap(({ rounds }) => rounds)
    .filter((round) => round.slow.thresholdNs !== null)
  const sum = (pick: (round: Round) => number): number => judged.reduce((total, round) => total + pick(round), 0)
  const [gc, runqueue, unexplained] = [
    sum((round) => round.slow.counts.gc),
    sum((round) => round.slow.counts.runqueue),
    sum((round) => round.slow.counts.unexplained),
  ]
  const longestNs = judged.reduce((most, round) => Math.max(most, round.slow.worst[0]?.durationNs ?? 0), 0)
  return {
    gc,
    runqueue,
    unexplained,
    slow: gc + runqueue + unexplained,
    operations: sum((one) => one.operations),
    longestNs,
  }
}

/** Slow operations by backend, for those that measured something. */
export function slowByBackend(view: View): readonly (readonly [backend: string, counts: SlowCounts])[] {
  return view.backends
    .map(({ id }) => [id, slowOf(view, cellsOn(view, id))] as const)
    .filter(([, { operations }]) => operations > 0)
}

/** How many operations were far above the median, and what happened beside them. Null: none was judged. */
export function slowText(view: View): string | null {
  const { slow, operations, gc, runqueue, unexplained } = slowOf(view, cellsOf(view))
  if (operations === 0) return null
  const causes = `${count(gc)} while garbage was collected, ${count(runqueue)} while their thread waited for a processor, ${count(unexplained)} unexplained (the database, the disk, the network, the machine below)`
  const mixed = cellsOf(view).some((cell) => isMixed(view, cell))
    ? ' Scenarios that mix reads with writes are not counted here: far above the median of their reads lie mostly their own writes.'
    : ''
  return `${count(slow)} of ${plural(operations, 'operation')}${farToo(view)} took ten times the median of their round, or 10 ms more than it: ${causes}. All of them are in the figures.${mixed}`
}

/** What a count of cells holds besides those that the tables show. */
const farToo = (view: View): string =>
  view.moved.some(({ cell }) => cell.outcome === 'measured') ? ', those at a distance among them,' : ''

/** How a cold start goes on, operation by operation. Null: there is none, or it is a single operation. */
export function openingText({ estimates }: MeasuredCell): string | null {
  const { opening } = estimates
  if (opening.length < 2) return null
  return list(opening.map(({ nth, estimate }) => `${ordinal(nth)} ${duration(estimate.valueNs)}`))
}

/** How rounds were warmed up, and what came of it. */
export function warmUpText(view: View): string {
  const { warmUpNs, warmUpMostNs } = view.run.plan
  if (warmUpNs === 0) return 'None.'
  const longest =
    warmUpMostNs > warmUpNs ? `, doubled up to ${duration(warmUpMostNs)} until MSER-5 finds it steady` : ''
  const rule = `${duration(warmUpNs)} before every round${longest}, and discarded.`
  const all = cellsOf(view).flatMap(({ rounds }) => rounds.map(({ warmUp }) => warmUp))
  const warmed = all.filter((one) => one.operations > 0)
  if (warmed.length === 0) return all.length === 0 ? rule : 'None: every scenario of this run starts cold.'
  const steady = warmed.filter((one) => one.steady === true)
  const unsteady = warmed.filter((one) => one.steady === false).length
  const transients = steady.map((one) => one.transientNs ?? 0).toSorted((a, b) => a - b)
  const found =
    transients.length === 0
      ? ''
      : ` (${duration(transients[Math.floor(transients.length / 2)]!)} after the first operation in the middle one, ${duration(transients.at(-1)!)} at most)`
  return `${rule} Of ${plural(warmed.length, 'round')}${farToo(view) || ','} ${count(steady.length)} were steady before the measurement began${found}, ${count(unsteady)} showed no steady state, and ${count(warmed.length - steady.length - unsteady)} ran too few operations to tell.`
}

/** How many rounds were measured again, and why. */
export function repeatedText({ run }: View): string {
  const { rounds, limit, limitReached } = run.repeated
  if (limit === 0) return 'A run of this size measures no round again.'
  const contended = rounds.filter((one) => one.contended).length
  const end = limitReached
    ? ` No other repetition fitted into the limit of ${plural(limit, 'added round')}, so contended rounds are left among the others.`
    : ''
  if (rounds.length === 0) return limitReached ? end.trim() : 'No round was measured again.'
  const were = contended === 1 ? 'was' : 'were'
  return `${plural(contended, 'round')} ${were} contended and measured again, with the whole repetition of the scenario: ${plural(rounds.length, 'round')} in all, kept in run.json and in no figure.${end}`
}
