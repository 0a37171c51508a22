import type { Round, RoundTimeline } from '../contract/index.ts'
import { histogram } from './histogram.ts'

/** Half as many as for a whole cell: a slice holds fewer operations. */
const BINS_PER_DECADE = 12
/** Slices a cell, all rounds together; a round has one at least. */
const SLICES = 24

/**
 * Latencies by the time at which their operations began, for rounds whose operations followed one another without a gap:
 * then the durations before an operation are its time.
 * @param samplesNs of each round, in time order
 */
export function timeline(
  rounds: readonly Pick<Round, 'repetition'>[],
  samplesNs: readonly Float64Array[],
): RoundTimeline[] {
  const wanted = Math.max(1, Math.floor(SLICES / rounds.length))
  return rounds
    .map(({ repetition }, n) => ({ repetition, ...sliced(samplesNs[n]!, wanted) }))
    .toSorted((a, b) => a.repetition - b.repetition)
}

/** Never more slices than operations. An operation that outlasts its slice leaves the next ones empty: nothing began there. */
function sliced(durationsNs: Float64Array, wanted: number): Pick<RoundTimeline, 'sliceNs' | 'slices'> {
  const slices = Math.min(wanted, durationsNs.length)
  const totalNs = durationsNs.reduce((sum, ns) => sum + ns, 0)
  const firsts = Array.from({ length: slices + 1 }, () => durationsNs.length)
  let [slice, startNs] = [0, 0]
  for (let n = 0; n < durationsNs.length; n += 1) {
    while (slice < slices && startNs * slices >= slice * totalNs) {
      firsts[slice] = n
      slice += 1
    }
    startNs += durationsNs[n]!
  }
  return {
    sliceNs: Math.round(totalNs / slices),
    slices: Array.from({ length: slices }, (_, nth) =>
      histogram([durationsNs.subarray(firsts[nth], firsts[nth + 1])], BINS_PER_DECADE),
    ),
  }
}
