import type { Cause, Slow } from '../contract/index.ts'

/** Of operations that overlap, or of a single one: no time of theirs alone can be laid beside a cause. */
export const NOT_JUDGED: Slow = { thresholdNs: null, counts: { gc: 0, runqueue: 0, unexplained: 0 }, worst: [] }

/** When an operation is slow, and how many are stored one by one. */
const SLOW = {
  /** So many times the median of its round ... */
  timesMedian: 10,
  /** ... or so much above it, whichever is less: over a distance, ten times the median would hide a stall. */
  aboveNs: 10e6,
  /** A cause must account for so much of what is above the median. */
  explains: 0.5,
  stored: 20,
} as const

interface Stretch {
  readonly first: number
  readonly startNs: number
  readonly waitNs: number | null
}

interface Collection {
  readonly startNs: number
  readonly durationNs: number
}

/**
 * Finds the slow operations of a round and lays them beside what else happened: a collection counts by the time that it
 * overlaps the operation, the runqueue by the time that the thread waited in the same stretch of operations (about 2 ms).
 * What one operation explains itself with is not there for the next; the slowest come first. All times are on one clock.
 * @param durationsNs in time order; stretches too, and the first begins with the first operation; without stretches
 * nothing is judged
 */
export function slowOperations(
  durationsNs: Float64Array,
  p50Ns: number,
  stretches: readonly Stretch[],
  collections: readonly Collection[],
): Slow {
  if (stretches.length === 0) return NOT_JUDGED
  const thresholdNs = Math.min(SLOW.timesMedian * p50Ns, p50Ns + SLOW.aboveNs)
  const found: { index: number; startNs: number; durationNs: number; stretch: number }[] = []
  for (const [stretch, { first, startNs }] of stretches.entries()) {
    const end = stretches[stretch + 1]?.first ?? durationsNs.length
    let at = startNs
    for (let index = first; index < end; index += 1) {
      const durationNs = durationsNs[index]!
      if (durationNs >= thresholdNs && durationNs > p50Ns) found.push({ index, startNs: at, durationNs, stretch })
      at += durationNs
    }
  }
  found.sort((a, b) => b.durationNs - a.durationNs)
  const waits = stretches.map(({ waitNs }) => waitNs ?? 0)
  const origin = stretches[0]?.startNs ?? 0
  const counts: Record<Cause, number> = { gc: 0, runqueue: 0, unexplained: 0 }
  const worst = found.map(({ index, startNs, durationNs, stretch }) => {
    const above = durationNs - p50Ns
    const needed = SLOW.explains * above
    const isCollected = overlapNs(collections, startNs, startNs + durationNs) >= needed
    const cause: Cause = isCollected ? 'gc' : waits[stretch]! >= needed ? 'runqueue' : 'unexplained'
    if (cause === 'runqueue') waits[stretch]! -= Math.min(above, waits[stretch]!)
    counts[cause] += 1
    return { index, offsetNs: startNs - origin, durationNs, cause }
  })
  return { thresholdNs, counts, worst: worst.slice(0, SLOW.stored) }
}

function overlapNs(collections: readonly Collection[], from: number, to: number): number {
  let sum = 0
  for (const { startNs, durationNs } of collections)
    sum += Math.max(0, Math.min(to, startNs + durationNs) - Math.max(from, startNs))
  return sum
}
