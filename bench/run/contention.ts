import { contendedShare, isContended, LIMITS } from '../analyze/caveats.ts'
import { median } from '../analyze/quantiles.ts'
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
 * The rounds to measure again when all have been measured once: all of a repetition of a scenario or none, because the thread of
 * one of them waited for a processor by more than the limit longer than in the middle round of its cell. A client of a server here
 * shares its processor with the kernel's network in every round; that is a part of what it is, and another time changes nothing.
 * This witness alone decides and never a latency, or the figures would be picked.
 */
export function toRepeat(record: RunRecord, repetition: readonly ScheduledRound[]): ScheduledRound[] {
  const done = repetition.filter((place) => record.isOpen(place) && record.has(place))
  if (!done.some((place) => isDisturbed(record, place))) return []
  if (done.some((place) => record.attempts(place) >= MOST_ATTEMPTS)) return []
  return record.mayRepeat(done.length) ? done : []
}

function isDisturbed(record: RunRecord, place: ScheduledRound): boolean {
  const round = record.roundOf(place)!
  const usual = median(record.roundsOf(place).map(contendedShare))
  return isContended(round) && contendedShare(round) > usual + LIMITS.runqueueShare
}
