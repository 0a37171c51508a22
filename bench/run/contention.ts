import { isContended } from '../analyze/caveats.ts'
import type { RunRecord } from './record.ts'
import type { ScheduledRound } from './schedule.ts'

/** A repetition of a scenario is measured three times at most; the last time counts, contended or not. */
const MOST_ATTEMPTS = 3

/** The rounds of one repetition of one scenario, which lie side by side: what is measured again is measured again as a whole. */
export function repetitionsOf(rounds: readonly ScheduledRound[]): ScheduledRound[][] {
  const repetitions: ScheduledRound[][] = []
  for (const round of rounds) {
    const last = repetitions.at(-1)?.[0]
    if (last?.scenario === round.scenario && last.repetition === round.repetition) repetitions.at(-1)!.push(round)
    else repetitions.push([round])
  }
  return repetitions
}

/**
 * The rounds to measure again when a repetition of a scenario is done: all of them or none, because the thread of one of them
 * waited for a processor. That witness alone decides and never a latency, or the figures would be picked.
 */
export function toRepeat(record: RunRecord, repetition: readonly ScheduledRound[]): ScheduledRound[] {
  const done = repetition.filter((place) => record.isOpen(place) && record.has(place))
  if (!done.some((place) => isContended(record.roundOf(place)!))) return []
  if (done.some((place) => record.attempts(place) >= MOST_ATTEMPTS)) return []
  return record.mayRepeat(done.length) ? done : []
}
