import type { LagFigures } from '../bench/contract/index.ts'
import { AT_ONCE, bracketEnds, bracketed, count, duration, list, plural, rate } from './format.ts'
import type { MeasuredLag } from './lag-tables.ts'
import { watchedBy } from './lag-tables.ts'
import type { View } from './view.ts'

/** One backend's lag for a terminal: its name, and beneath it how it is at rest, under load, and what reads get. */
export function lagLines(view: View, cell: MeasuredLag): { head: string; details: string[] } {
  const { underLoad, ownWrites, reads } = cell
  const name = view.title(cell.backend)
  const applying = reads.applying === null ? '' : `, ${duration(reads.applying.p50Ns)} while applying (p50)`
  return {
    head: `${name}, ${watchedBy(view, cell)}`,
    details: [
      `at rest: ${shows(cell)}`,
      ...(underLoad === null ? [] : [`with ${rate(underLoad.load.achievedPerSecond)} written: ${shows(underLoad)}`]),
      ...servedByText(cell),
      `${ownWrites === null ? '' : `own writes missed: ${count(ownWrites.missed)} of ${count(ownWrites.probes)}; `}a read takes ${duration(reads.quiet.p50Ns)}${applying}`,
    ],
  }
}

/** Which copies answered the polls, where the backend chose them. */
export function servedByText({ servedBy }: MeasuredLag): string[] {
  if (servedBy === undefined) return []
  const { replicas, primaryPolls } = servedBy
  const regions = list(replicas.map(({ name, polls }) => `${name} (${count(polls)})`))
  const primary = primaryPolls === 0 ? '' : `, and ${count(primaryPolls)} by the primary, which count nowhere`
  return [`polls answered by replicas in ${regions}${primary}`]
}

function shows(figures: LagFigures): string {
  const { p50, p99 } = figures.ackToVisible
  const { markers, leftCensored, rightCensored, gaveUp } = figures
  const censored = `${plural(markers, 'marker')}, ${count(leftCensored)} left- and ${count(rightCensored)} right-censored${gaveUp ? ', given up' : ''}`
  if (p50 === null) return `half of the writes did not show in time; ${censored}`
  const far = p99 === null ? '' : `, p99 ${bracketed(p99)}`
  const when = p50.upperNs === 0 ? `${AT_ONCE}, counted from` : `${bracketed(p50)} ${bracketEnds(p50)} after`
  return `a write shows ${when} its acknowledgement (p50)${far}; ${censored}`
}
