import type { Random } from '../contract/index.ts'

export interface ArrivalPlan {
  readonly ratePerSecond: number
  /** `poisson`: many users who know nothing of one another. `constant`: a metronome. */
  readonly arrivals: 'poisson' | 'constant'
  readonly durationNs: number
}

/**
 * When operations arrive: whole nanoseconds from the start of a round, ascending, drawn before its clock starts.
 *
 * Poisson gaps are -ln(U) / rate, stretched so that rate x duration of them (at least one) fill the duration. That is a
 * Poisson process given its number of arrivals (Ross, Introduction to Probability Models, 5.3): it bunches as one does, while
 * every round offers the very rate that was asked for, so that short rounds do not differ by the luck of their count.
 */
export function timetable({ ratePerSecond, arrivals, durationNs }: ArrivalPlan, random: Random): Float64Array {
  const count = Math.max(1, Math.round((ratePerSecond * durationNs) / 1e9))
  // Shared, as all that is large here: V8 leaves shared memory out of the account that starts collections.
  const offsetsNs = new Float64Array(new SharedArrayBuffer(count * Float64Array.BYTES_PER_ELEMENT))
  if (arrivals === 'constant') {
    for (let n = 0; n < count; n += 1) offsetsNs[n] = Math.floor((n * durationNs) / count)
    return offsetsNs
  }
  let sum = 0
  for (let n = 0; n < count; n += 1) {
    sum += exponential(random)
    offsetsNs[n] = sum
  }
  const stretch = durationNs / (sum + exponential(random))
  for (let n = 0; n < count; n += 1) offsetsNs[n] = Math.floor(offsetsNs[n]! * stretch)
  return offsetsNs
}

/** `real` is in [0, 1), and the logarithm of 0 is not a time. */
const exponential = (random: Random): number => -Math.log(1 - random.real())
