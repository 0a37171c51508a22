import type { MeasuredCell, Round } from '../bench/contract/index.ts'
import { count, duration, list, ordinal, plural } from './format.ts'
import type { View } from './view.ts'

/** Rounds of databases; the harness alone has too few operations to say anything of. */
function roundsOf(view: View): readonly Round[] {
  const isDatabase = new Set(view.backends.map(({ id }) => id))
  return view.run.cells
    .filter((cell): cell is MeasuredCell => cell.outcome === 'measured' && isDatabase.has(cell.backend))
    .flatMap((cell) => cell.rounds)
}

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
  const all = roundsOf(view).map(({ warmUp }) => warmUp)
  const warmed = all.filter((one) => one.operations > 0)
  if (warmed.length === 0) return all.length === 0 ? rule : 'None: every scenario of this run starts cold.'
  const steady = warmed.filter((one) => one.steady === true)
  const unsteady = warmed.filter((one) => one.steady === false).length
  const transients = steady.map((one) => one.transientNs ?? 0).toSorted((a, b) => a - b)
  const found =
    transients.length === 0
      ? ''
      : ` (${duration(transients[Math.floor(transients.length / 2)]!)} after the first operation in the middle one, ${duration(transients.at(-1)!)} at most)`
  return `${rule} Of ${plural(warmed.length, 'round')}, ${count(steady.length)} were steady before the measurement began${found}, ${count(unsteady)} showed no steady state, and ${count(warmed.length - steady.length - unsteady)} ran too few operations to tell.`
}
